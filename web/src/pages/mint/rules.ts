// What a collection's rules say about a mint now. The contract decides; this saves a visitor from asking in vain.

import type { Schemas } from "~/api/client.ts";
import { relative } from "~/lib/times.ts";
import { texts } from "~/texts/mint.ts";

type Collection = Schemas["CollectionBody"];

export const MOST_AT_ONCE = 500;
/** Tokens in one transaction. */

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

/** The most that can be asked for at once. */
export function mostAtOnce({ mint, standard, maxSupply, totalMinted }: Collection): number {
  const limit = mint?.limitPerWallet ?? MOST_AT_ONCE;
  const left =
    standard === "erc721" && maxSupply !== null ? BigInt(maxSupply) - BigInt(totalMinted) : BigInt(MOST_AT_ONCE);
  return Math.max(1, Math.min(limit, MOST_AT_ONCE, left > BigInt(MOST_AT_ONCE) ? MOST_AT_ONCE : Number(left)));
}
