// The sweep cart: listings that are to be bought in one transaction. Kept in this browser; of one chain and currency.

import type { Hex } from "~/api/client.ts";
import { hasShape, listOf } from "~/lib/shapes.ts";
import { createStoredStore } from "~/lib/store.ts";
import { times, typedUnits } from "./amounts.ts";

export interface CartItem {
  orderHash: Hex;
  chainId: string;
  contract: Hex;
  tokenId: string;
  name: string;
  collection: string;
  imageUrl?: string;
  units: string;
  /** Of all its units together, in whole units of the currency. */
  price: string;
  /** Where the number of units may be chosen: the most that the order has left, and the price of one. */
  choice?: { most: string; each: string };
  currency: string;
}

const SHAPE = {
  orderHash: "string",
  chainId: "string",
  contract: "string",
  tokenId: "string",
  name: "string",
  collection: "string",
  units: "string",
  price: "string",
  currency: "string",
} as const;

/** As many as the API buys in one transaction. */
export const CART_LIMIT = 50;

export const cart = createStoredStore<readonly CartItem[]>("steadymint.cart", cartIn);

/** The items in what was kept. One of no whole number of units cannot be bought, and is left out. */
export function cartIn(stored: unknown): readonly CartItem[] {
  return listOf<CartItem>(stored, SHAPE)
    .filter((one) => typedUnits(one.units) !== undefined)
    .map(readable);
}

/** Without a choice of which the most units are no number, or the price of one is no amount. */
function readable({ choice, ...item }: CartItem): CartItem {
  if (choice === undefined || !hasShape(choice, { most: "string", each: "string" })) return item;
  const sound = typedUnits(choice.most) !== undefined && times(choice.each, 1n) !== undefined;
  return sound ? { ...item, choice } : item;
}

/** The units of all items together. */
export function unitsIn(items: readonly CartItem[]): bigint {
  return items.reduce((units, one) => units + BigInt(one.units), 0n);
}

/** What became of an item that was added: `alone` if items of another chain or currency had to leave for it. */
export type Added = "added" | "full" | "alone";

export function addToCart(item: CartItem): Added {
  const before = cart.get();
  cart.set(added(before, item));
  return outcomeOf(before, item);
}

export function outcomeOf(before: readonly CartItem[], item: CartItem): Added {
  if (added(before, item) === before) return "full";
  const fits = (one: CartItem): boolean => one.chainId === item.chainId && one.currency === item.currency;
  return before.every(fits) ? "added" : "alone";
}

export function removeFromCart(orderHash: Hex): void {
  cart.set((items) => items.filter((one) => one.orderHash !== orderHash));
}

/** Take that many units of an order, between one and the most that it has left. */
export function chooseUnits(orderHash: Hex, units: bigint): void {
  cart.set((items) => items.map((one) => (one.orderHash === orderHash ? withUnits(one, units) : one)));
}

/** The same for one item. One of whose units nothing may be chosen stays as it is, and so does one without a price. */
export function withUnits(item: CartItem, units: bigint): CartItem {
  if (item.choice === undefined) return item;
  const most = BigInt(item.choice.most);
  const taken = units < 1n ? 1n : units > most ? most : units;
  const price = times(item.choice.each, taken);
  return price === undefined ? item : { ...item, units: String(taken), price };
}

/** When they were bought. */
export function takeOut(orderHashes: readonly Hex[]): void {
  if (orderHashes.length > 0) cart.set((items) => items.filter((one) => !orderHashes.includes(one.orderHash)));
}

/** With the item. A token is in it once, and what cannot be paid together with the item leaves. */
export function added(items: readonly CartItem[], item: CartItem): readonly CartItem[] {
  const kept = items.filter(
    (one) =>
      one.chainId === item.chainId &&
      one.currency === item.currency &&
      !(one.contract === item.contract && one.tokenId === item.tokenId),
  );
  return kept.length >= CART_LIMIT ? items : [...kept, item];
}
