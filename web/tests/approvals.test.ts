import { expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("window", { addEventListener: () => undefined });
const { extentOf, keyOf, nameOf, revokingOf } = await import("../src/pages/account/approvals.ts");

type Approval = import("../src/pages/account/approvals.ts").Approval;

const ALL: Approval = {
  wallet: `0x${"1".repeat(40)}`,
  chainId: "eip155:1",
  contract: `0x${"2".repeat(40)}`,
  operator: `0x${"3".repeat(40)}`,
  standard: "erc721",
  collection: "Lamps",
  tokenId: null,
  amount: null,
} as Approval;
const CHAIN = {
  chainId: "eip155:1",
  name: "Ethereum",
  nativeCurrency: { symbol: "ETH", decimals: 18 },
  contracts: [{ name: "wrapped_native", address: `0x${"e".repeat(40)}` }],
} as Parameters<typeof nameOf>[1];

it("has a row and a button of its own for each token, operator and chain", () => {
  const alike: Approval[] = [
    ALL,
    { ...ALL, tokenId: "7" },
    { ...ALL, tokenId: "8" },
    { ...ALL, operator: `0x${"4".repeat(40)}` },
    { ...ALL, chainId: "eip155:10" },
  ];
  expect(new Set(alike.map(keyOf)).size).toBe(alike.length);
  expect(new Set(alike.map((one) => revokingOf(one, undefined))).size).toBe(alike.length);
});

it("says whether it is one token or all of them", () => {
  expect(extentOf(ALL, CHAIN)).toBe("All items");
  expect(extentOf({ ...ALL, tokenId: "7" }, CHAIN)).toBe("#7");
  expect(revokingOf({ ...ALL, tokenId: "7" }, CHAIN)).toBe(
    "Revoke the approval of Lamps #7 for 0x3333…3333 on Ethereum",
  );
});

it("shows an allowance in whole units where it knows their size, and says so where it does not", () => {
  const allowance: Approval = { ...ALL, standard: "erc20", collection: null, amount: "300000000000000000" };
  const wrapped: Approval = { ...allowance, contract: `0x${"E".repeat(40)}` };
  expect(nameOf(wrapped, CHAIN)).toBe("Wrapped ETH");
  expect(extentOf(wrapped, CHAIN)).toBe("0.3");
  expect(extentOf(allowance, CHAIN)).toBe("300,000,000,000,000,000 of its smallest unit");
  expect(extentOf({ ...allowance, amount: "9".repeat(78) }, CHAIN)).toBe("Any amount");
});
