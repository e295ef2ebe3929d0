// What has happened, once each.

import type { Schemas } from "~/api/client.ts";

type Row = Schemas["ActivityBody"];

/** Without the transfers that sales consist of: the row of the sale says who had it and who has it. */
export function withoutTransfersOfSales<T extends Row>(rows: readonly T[]): T[] {
  const sales = new Set(rows.filter(({ type }) => type === "sale").map(movementOf));
  return rows.filter((row) => row.type !== "transfer" || row.suspicious !== undefined || !sales.has(movementOf(row)));
}

function movementOf({ chainId, txHash, contract, tokenId, quantity, from, to }: Row): string {
  return [chainId, txHash, contract, tokenId, quantity, from, to].join("/");
}
