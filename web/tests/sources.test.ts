import { expect, it } from "vitest";

import { sourcesOf } from "../src/lib/sources.ts";

const PAGE = "https://shop.example/collections/1";

it("asks our own store for several widths, by the path or the whole address", () => {
  const sources = "/ipfs/bafy/1?width=64 64w, /ipfs/bafy/1?width=256 256w, /ipfs/bafy/1?width=512 512w, ";
  expect(sourcesOf("/ipfs/bafy/1", PAGE)).toBe(`${sources}/ipfs/bafy/1?width=1024 1024w`);
  expect(sourcesOf("https://shop.example/media/ab", PAGE)).toContain("/media/ab?width=256 256w");
});

it("asks no other server for a width, and no variant for another", () => {
  for (const src of ["https://ipfs.io/ipfs/bafy", "data:image/png;base64,", "https://[", "/media/ab?width=3"]) {
    expect(sourcesOf(src, PAGE)).toBeUndefined();
  }
});
