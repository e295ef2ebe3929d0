import { expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null });
const { sessionIn } = await import("../src/api/session.ts");
const { keptFlows } = await import("../src/flows/flow.ts");

const FLOW = {
  id: "1",
  kind: "mint",
  chainId: "eip155:1",
  account: "0x01",
  body: {},
  title: "Mint",
  startedAt: "2026-01-01T00:00:00Z",
  phase: "paused",
  steps: [{ intentId: "a", kind: "mint" }],
};

it("takes only flows from what the browser kept", () => {
  expect(keptFlows([FLOW, { ...FLOW, steps: [null] }, { ...FLOW, body: null }, 1, null])).toEqual([FLOW]);
  expect(keptFlows({ ...FLOW })).toEqual([]);
  expect(keptFlows(null)).toEqual([]);
});

it("takes a damaged session for none", () => {
  for (const text of [null, "{", "1", "{}", '{"userId":1}']) expect(sessionIn(text)).toBeNull();
});
