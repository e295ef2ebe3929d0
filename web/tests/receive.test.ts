import { expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null });
const { receivedOf } = await import("../src/trade/receive.ts");

const ITEM = { itemType: 0, token: "0x00", identifierOrCriteria: "0", endAmount: "0" } as const;

it("takes the market's fee and the creator's share from the price", () => {
  const consideration = [
    { ...ITEM, recipient: "0xaB", startAmount: "925" },
    { ...ITEM, recipient: "0xfe", startAmount: "25" },
    { ...ITEM, recipient: "0xc0", startAmount: "50" },
  ] as const;
  expect(receivedOf("2", { offerer: "0xAb", consideration: [...consideration] })).toBe("1.85");
  expect(receivedOf("2", { offerer: "0xAb", consideration: [] })).toBeUndefined();
});
