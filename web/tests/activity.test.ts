import { expect, it } from "vitest";

import { withoutTransfersOfSales } from "../src/lib/activity.ts";

type Row = Parameters<typeof withoutTransfersOfSales>[0][number];

const TRANSFER = {
  id: "1",
  type: "transfer",
  chainId: "eip155:1",
  txHash: "0x1",
  contract: "0x2",
  tokenId: "7",
  quantity: "1",
  from: "0xa",
  to: "0xb",
} as unknown as Row;
const SALE: Row = { ...TRANSFER, id: "2", type: "sale", price: "1" };
const shown = (...rows: Row[]) => withoutTransfersOfSales(rows).map((row) => row.id);

it("shows a sale once, wherever its transfer stands in the list", () => {
  expect(shown(SALE, TRANSFER)).toEqual(["2"]);
  expect(shown(TRANSFER, SALE)).toEqual(["2"]);
});

it("shows what the buyer does with it in the same transaction, and what was only sent", () => {
  expect(shown(SALE, { ...TRANSFER, from: "0xb", to: "0xc" } as Row)).toEqual(["2", "1"]);
  expect(shown(SALE, { ...TRANSFER, txHash: "0x9" } as Row)).toEqual(["2", "1"]);
  expect(shown(SALE, { ...TRANSFER, tokenId: "8" } as Row)).toEqual(["2", "1"]);
  expect(shown(TRANSFER)).toEqual(["1"]);
});

it("shows a transfer that does not fit what was so before it", () => {
  expect(shown(SALE, { ...TRANSFER, suspicious: "not_the_owner" })).toEqual(["2", "1"]);
});
