// What a collection's rules say about a mint now. The contract decides; this saves a visitor from asking in vain.

import type { Schemas } from "~/api/client.ts";
import { relative } from "~/lib/times.ts";
import { texts } from "~/texts/mint.ts";

type Collection = Schemas["CollectionBody"];

export const MOST_AT_ONCE = 500;
/** Tokens in one transaction. */
const MOST_UNITS = 1_000_000;
/** Units of an edition without a limit: more is a slip of the finger. */

export interface MintState {
  open: boolean;
  words: string;
}

export function mintState({ mint, paused, standard, maxSupply, totalMinted }: Collection, now: number): MintState {
  if (mint === null) return { open: false, words: texts.states.foreign };
  if (paused) return { open: false, words: texts.states.paused };
  if (isSoldOut({ standard, maxSupply, totalMinted })) {
    return { open: false, words: texts.states.soldOut };
  }
  if (mint.startAt !== null && Date.parse(mint.startAt) > now) {
    return { open: false, words: texts.states.opensIn(relative(mint.startAt, now)) };
  }
  if (mint.endAt === null) return { open: true, words: texts.states.open };
  if (Date.parse(mint.endAt) <= now) return { open: false, words: texts.states.closed };
  return { open: true, words: texts.states.closesIn(relative(mint.endAt, now)) };
}

/** Editions have a supply for each token, which the contract knows. */
export function isSoldOut({
  standard,
  maxSupply,
  totalMinted,
}: Pick<Collection, "standard" | "maxSupply" | "totalMinted">): boolean {
  return standard === "erc721" && maxSupply !== null && BigInt(totalMinted) >= BigInt(maxSupply);
}

/** The most that can be asked for at once: tokens each take a place in the block, units of an edition do not. */
export function mostAtOnce({ mint, standard, maxSupply, totalMinted }: Collection): number {
  const limit = mint?.limitPerWallet ?? Number.MAX_SAFE_INTEGER;
  if (standard === "erc1155") return Math.max(1, Math.min(limit, safe(maxSupply ?? "0") || MOST_UNITS));
  const left = maxSupply === null ? MOST_AT_ONCE : safe(String(BigInt(maxSupply) - BigInt(totalMinted)));
  return Math.max(1, Math.min(limit, MOST_AT_ONCE, left));
}

function safe(count: string): number {
  return Math.min(Number(count), Number.MAX_SAFE_INTEGER);
}
