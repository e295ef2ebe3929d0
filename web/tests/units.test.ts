import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null });
const { askedOf, heldUnitsQuery } = await import("../src/trade/units.ts");
const { api } = await import("../src/api/client.ts");

const AT = { chainId: "eip155:1", contract: "0x00", tokenId: "7" };

async function heldOf(items: { quantity: string }[]) {
  const body = { items, nextCursor: null };
  const asked = vi.spyOn(api, "GET").mockResolvedValue({ data: body, response: new Response() } as never);
  const held = await new QueryClient().fetchQuery(heldUnitsQuery(AT, "0xab"));
  return { held, asked: asked.mock.calls };
}

it("asks once for the units of the very token, marked as spam or not", async () => {
  const { held, asked } = await heldOf([{ quantity: "12" }]);
  expect(held).toBe(12n);
  const query = { ...AT, includeSpam: true };
  expect(asked).toEqual([
    ["/v1/accounts/{address}/tokens", expect.objectContaining({ params: { path: { address: "0xab" }, query } })],
  ]);
  expect((await heldOf([])).held).toBe(0n);
});

it("shows the whole price of what is sold together only", () => {
  expect(askedOf({ price: "0.1", lotSize: "5" })).toBe("0.5");
  expect(askedOf({ price: "0.1" })).toBe("0.1");
  expect(askedOf({})).toBeUndefined();
});
