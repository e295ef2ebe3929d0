import { expect, it } from "vitest";

import { checksummed } from "./addresses.ts";
import { allowlistOf } from "./merkle.ts";

/** The first development accounts. Root and proof were made by the tests of the contracts. */
const ACCOUNTS = [
  "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
  "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
] as const;

it("has the root that the contract compares with, in whatever order the addresses come", () => {
  const root = "0x0548845532e20163d626e767b171816a20d7fc27b38d1543e06f13050f4084e0";
  expect(allowlistOf(ACCOUNTS).root).toBe(root);
  expect(allowlistOf([...ACCOUNTS].reverse()).root).toBe(root);
});

it("proves who is on the list, in whatever casing, and nobody else", () => {
  const list = allowlistOf(ACCOUNTS);
  expect(list.proofOf(ACCOUNTS[3].toLowerCase())).toEqual([
    "0x208697df1b2d4c083944c10909fe1ed6e99c1eaccff33ba129464b28f8245f01",
    "0xd791b4384f11048b2330e9ec924a5c80226526b5e9d7f65537637981af4d404f",
    "0xe5b6e3298144ffbc1521ae5d17fdce81184e774c84119e5d254141bd246c771f",
  ]);
  expect(list.proofOf("0x976EA74026E726554dB657fA54763abd0C3a0aa9")).toBeUndefined();
});

it("needs no proof for a list of one", () => {
  expect(allowlistOf([ACCOUNTS[0]]).proofOf(ACCOUNTS[0])).toEqual([]);
});

it("writes addresses in the casing of EIP-55", () => {
  for (const account of ACCOUNTS) expect(checksummed(account.toLowerCase())).toBe(account);
});
