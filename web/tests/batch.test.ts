import { expect, test } from "vitest";

import { batched } from "~/lib/batch.ts";

test("what is asked for at once is asked in few requests, and each key once", async () => {
  const asked: string[][] = [];
  const nameOf = batched(async (keys: string[]) => {
    asked.push(keys);
    return new Map(keys.filter((key) => key !== "nobody").map((key) => [key, key.toUpperCase()]));
  }, 3);
  const found = await Promise.all(["a", "b", "a", "nobody", "c", "b"].map(nameOf));
  expect(found).toEqual(["A", "B", "A", undefined, "C", "B"]);
  expect(asked).toEqual([["a", "b", "nobody"], ["c"]]);
});

test("a request that fails fails for all who waited for it, and the next is asked anew", async () => {
  let away = true;
  const nameOf = batched(async (keys: string[]) => {
    if (away) throw new Error("away");
    return new Map(keys.map((key) => [key, 1]));
  }, 9);
  const failed = await Promise.allSettled([nameOf("a"), nameOf("b")]);
  expect(failed.map((one) => one.status)).toEqual(["rejected", "rejected"]);
  away = false;
  expect(await nameOf("a")).toBe(1);
});
