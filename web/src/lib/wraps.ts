// Wrappings of the chain's own money that are under way. The API does not follow them, so this browser remembers them.

import type { Hex } from "~/api/client.ts";
import { listOf } from "~/lib/shapes.ts";
import { createStoredStore } from "~/lib/store.ts";

export interface Wrap {
  chainId: string;
  account: Hex;
  hash: Hex;
  /** Whatever has this number of the account has taken its place, or is it. */
  nonce: Hex;
  sentAt: string;
  /** What it is, such as `Wrap 0.3 ETH`. */
  title: string;
  /** The page of what is offered for. */
  href: string;
}

const SHAPE = {
  chainId: "string",
  account: "string",
  hash: "string",
  nonce: "string",
  sentAt: "string",
  title: "string",
  href: "string",
} as const;

export const wraps = createStoredStore("steadymint.wraps", (stored) => listOf<Wrap>(stored, SHAPE));

export function wrapsOf(all: readonly Wrap[], account: Hex | undefined): readonly Wrap[] {
  return all.filter((one) => one.account === account);
}

export function keepWrap(wrap: Wrap): void {
  wraps.set((all) => [wrap, ...all.filter((one) => one.hash !== wrap.hash)]);
}

export function forgetWrap(hash: Hex): void {
  wraps.set((all) => all.filter((one) => one.hash !== hash));
}
