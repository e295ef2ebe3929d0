import { ProblemError } from "@steadymint/client";
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

const problem = (status: number, code: "conflict" | "rate_limited" | "internal_error") =>
  new ProblemError({ type: `urn:steadymint:problem:${code}`, title: "Title", detail: "Detail", status, code });

test("a request that the API has refused for good is another one when it is sent again", () => {
  const keys = requestKeys();
  const first = keys.of("asked");
  for (const error of [
    problem(429, "rate_limited"),
    problem(500, "internal_error"),
    new TypeError("Failed to fetch"),
  ]) {
    keys.failed(error);
    expect(keys.of("asked")).toBe(first);
  }
  keys.failed(problem(409, "conflict"));
  expect(keys.of("asked")).not.toBe(first);
});
