import { expect, test } from "vitest";

import { requestKeys } from "./request-keys.ts";

test("a request that is sent again has its key, and another one has a key of its own", () => {
  const keys = requestKeys();
  const first = keys.of({ url: "https://a.example" });
  expect(keys.of({ url: "https://a.example" })).toBe(first);
  const changed = keys.of({ url: "https://b.example" });
  expect(changed).not.toBe(first);
  keys.forget();
  expect(keys.of({ url: "https://b.example" })).not.toBe(changed);
});
