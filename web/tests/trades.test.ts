import { expect, it, vi } from "vitest";

vi.stubGlobal("window", { addEventListener: () => undefined });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
const { purchaseOf, saleOf } = await import("../src/pages/token/trades.ts");
const { itemOf } = await import("../src/trade/toldCart.ts");
const { plainPrice, plainUnits } = await import("../src/trade/units.ts");

const TOKEN = { chainId: "eip155:1", contract: "0x0a", tokenId: "1", name: "Print" } as never;
const WHOLE = {
  orderHash: "0x01",
  side: "listing",
  inParts: false,
  quantity: "3",
  fillable: "3",
  price: { amount: "0.1", currency: { symbol: "ETH" } },
} as never;
const PARTS = { ...(WHOLE as object), inParts: true } as never;

it("asks for all units of an order that is filled as a whole, and for the price of all", () => {
  const units = plainUnits(WHOLE);
  expect(purchaseOf(TOKEN, WHOLE, units).body).toMatchObject({ items: [{ quantity: "3" }], maxTotal: "0.3" });
  expect(saleOf(TOKEN, WHOLE, units).body).toMatchObject({ quantity: "3" });
  expect(itemOf(TOKEN, WHOLE, "All")).toMatchObject({ units: "3", price: "0.3", name: "Print ×3" });
  expect(plainPrice(WHOLE)).toBe("0.3");
});

it("takes one unit of an order in parts if nobody chooses", () => {
  expect(purchaseOf(TOKEN, PARTS, plainUnits(PARTS)).body.items).toEqual([{ orderHash: "0x01" }]);
  expect(purchaseOf(TOKEN, PARTS, 2n).body).toMatchObject({ items: [{ quantity: "2" }], maxTotal: "0.2" });
  expect(itemOf(TOKEN, PARTS, "All")).toMatchObject({ units: "1", price: "0.1" });
  expect(plainPrice(PARTS)).toBe("0.1");
});
