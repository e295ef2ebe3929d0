import { afterEach, expect, it, vi } from "vitest";

import { alone, heldLocks, lockOf } from "../src/flows/locks.ts";

afterEach(() => vi.unstubAllGlobals());

it("runs a flow in one tab at a time", async () => {
  const ran: string[] = [];
  await alone(lockOf("held"), async () => {
    expect(await heldLocks()).toContain(lockOf("held"));
    await alone(lockOf("held"), async () => void ran.push("held"));
    await alone(lockOf("other"), async () => void ran.push("other"));
  });
  await alone(lockOf("held"), async () => void ran.push("after"));
  expect(ran).toEqual(["other", "after"]);
});

it("runs without locks where the browser has none", async () => {
  vi.stubGlobal("navigator", {});
  const ran: string[] = [];
  await alone(lockOf("1"), async () => void ran.push("1"));
  expect(ran).toEqual(["1"]);
  expect(await heldLocks()).toEqual(new Set());
});
