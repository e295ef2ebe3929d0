import { beforeEach, expect, it, vi } from "vitest";

import { keepDraft, loadDraft } from "../src/forms/draft.ts";

const kept = new Map<string, string>();
vi.stubGlobal("sessionStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, text: string) => kept.set(key, text),
  removeItem: (key: string) => kept.delete(key),
});
beforeEach(() => kept.clear());

it("keeps what was typed, and lets the rest follow what is newer", () => {
  keepDraft("me", { name: "typed", bio: "old" }, { name: "", bio: "old" });
  expect(loadDraft("me", { name: "", bio: "newer" })).toEqual({ name: "typed", bio: "newer" });
});

it("forgets a draft in which nothing differs any more", () => {
  keepDraft("me", { name: "typed" }, { name: "" });
  keepDraft("me", { name: "" }, { name: "" });
  expect(kept.size).toBe(0);
});
