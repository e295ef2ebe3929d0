import { expect, it, vi } from "vitest";

vi.stubGlobal("window", { addEventListener: () => undefined });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
const { added, cart, cartIn, CART_LIMIT, chooseUnits, outcomeOf, unitsIn, withUnits } = await import(
  "../src/lib/cart.ts"
);

const ITEM = {
  orderHash: "0x01",
  chainId: "eip155:1",
  contract: "0xaa",
  tokenId: "1",
  name: "One",
  collection: "All",
  units: "1",
  price: "1",
  currency: "ETH",
} as const;

it("holds a token once, by its newest order", () => {
  expect(added([ITEM], { ...ITEM, orderHash: "0x02" })).toEqual([{ ...ITEM, orderHash: "0x02" }]);
});

it("drops what cannot be paid in the same transaction", () => {
  const other = { ...ITEM, tokenId: "2", currency: "WETH" };
  expect(added([ITEM], other)).toEqual([other]);
});

it("takes no more than the API buys at once", () => {
  const full = Array.from({ length: CART_LIMIT }, (_, place) => ({ ...ITEM, tokenId: String(place) }));
  expect(added(full, { ...ITEM, tokenId: "more" })).toBe(full);
});

it("says what came of it", () => {
  const full = Array.from({ length: CART_LIMIT }, (_, place) => ({ ...ITEM, tokenId: String(place) }));
  expect(outcomeOf(full, { ...ITEM, tokenId: "more" })).toBe("full");
  expect(outcomeOf([ITEM], { ...ITEM, tokenId: "2", currency: "WETH" })).toBe("alone");
  expect(outcomeOf([ITEM], { ...ITEM, tokenId: "2" })).toBe("added");
});

it("takes as many units as are asked for, of what the order has left, and what they cost together", () => {
  const some = { ...ITEM, price: "0.25", choice: { most: "5", each: "0.25" } };
  expect(withUnits(some, 3n)).toMatchObject({ units: "3", price: "0.75" });
  expect(withUnits(some, 9n)).toMatchObject({ units: "5", price: "1.25" });
  expect(withUnits(some, 0n)).toMatchObject({ units: "1", price: "0.25" });
  expect(withUnits(ITEM, 3n)).toBe(ITEM);
  const unpriced = { ...some, choice: { most: "5", each: "much" } };
  expect(withUnits(unpriced, 3n)).toBe(unpriced);
  cart.set([some, { ...ITEM, orderHash: "0x02", tokenId: "2" }]);
  chooseUnits("0x01", 2n);
  expect(cart.get().map((one) => one.units)).toEqual(["2", "1"]);
  expect(unitsIn(cart.get())).toBe(3n);
});

it("reads what was kept without the choices and the items that are broken", () => {
  const choice = { most: "5", each: "0.25" };
  const kept = [
    { ...ITEM, choice },
    { ...ITEM, tokenId: "2", choice: { ...choice, most: "many" } },
    { ...ITEM, tokenId: "3", choice: { ...choice, each: "much" } },
    { ...ITEM, tokenId: "4", units: "some", choice },
  ];
  expect(cartIn(kept)).toEqual([
    { ...ITEM, choice },
    { ...ITEM, tokenId: "2" },
    { ...ITEM, tokenId: "3" },
  ]);
});
