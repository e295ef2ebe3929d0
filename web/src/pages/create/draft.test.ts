import { expect, it } from "vitest";

import { check, type Draft, FRESH, metadataOf, requestOf } from "./draft.ts";

const PICTURE = { mediaId: "a".repeat(64), url: "/media/a" };
const SOUND: Draft = { ...FRESH, name: "Harbour Lights", symbol: "LITE" };

function wrong(draft: Partial<Draft>): string[] {
  const found = check({ ...SOUND, ...draft });
  return Object.keys(found).filter((name) => found[name] !== undefined);
}

it("takes a draft that says no more than it must", () => {
  expect(wrong({})).toEqual([]);
  expect(requestOf(SOUND, "eip155:31337", undefined).royaltyBps).toBe(500);
});

it.each([
  [{ name: " " }, "name"],
  [{ symbol: "x".repeat(21) }, "symbol"],
  [{ website: "http://example.org" }, "website"],
  [{ royalty: "50.1" }, "royalty"],
  [{ royalty: "-1" }, "royalty"],
  [{ royalty: "a lot" }, "royalty"],
  [{ price: "1.0000000000000000001" }, "price"],
  [{ limit: "0" }, "limit"],
  [{ supply: "1.5" }, "supply"],
  [{ startAt: "2030-01-02T00:00", endAt: "2030-01-01T00:00" }, "endAt"],
  [{ allowlist: "nobody" }, "allowlist"],
  [{ items: [{ ...PICTURE, name: "" }] }, "items"],
  [{ items: [{ ...PICTURE, name: "One" }], supply: "2" }, "supply"],
] as [Partial<Draft>, string][])("finds what is wrong with %o", (draft, field) => {
  expect(wrong(draft)).toEqual([field]);
});

it("asks for as many tokens as there are pictures, and for their documents", () => {
  const items = [
    { ...PICTURE, name: " One " },
    { ...PICTURE, name: "Two" },
  ];
  expect(requestOf({ ...SOUND, items }, "eip155:31337", "set").maxSupply).toBe("2");
  expect(metadataOf({ ...SOUND, items })?.tokens?.map((token) => token.name)).toEqual(["One", "Two"]);
  expect(metadataOf({ ...SOUND, items, standard: "erc1155" })?.tokens?.map((token) => token.tokenId)).toEqual([
    "1",
    "2",
  ]);
});

it("writes prices in wei, without a rounding", () => {
  const { mint } = requestOf({ ...SOUND, price: "0,05", limit: " 3 " }, "eip155:31337", undefined);
  expect(mint).toMatchObject({ price: "50000000000000000", limitPerWallet: "3" });
});
