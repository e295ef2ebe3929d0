import { describe, expect, it } from "vitest";

import type { Intent } from "../src/api/client.ts";
import { afterReload, currentStep, type Flow, flowsOf, heard, ordersIn, timeline } from "../src/flows/flow.ts";

const HASH = "0xab" as const;
const FLOW: Flow = {
  id: "1",
  kind: "purchase",
  chainId: "eip155:31337",
  account: "0x01",
  body: {},
  title: "Buy",
  startedAt: "2026-01-01T00:00:00Z",
  phase: "preparing",
  steps: [
    { intentId: "a", kind: "approve" },
    { intentId: "b", kind: "purchase" },
  ],
};

function intent(intentId: string, what: Partial<Intent>): Intent {
  return { intentId, kind: "purchase", status: "pending", step: "prepared", ...what } as Intent;
}

function states(step: Flow["steps"][number] | undefined): string[] {
  return step === undefined ? [] : timeline(step).map((row) => `${row.name} ${row.state}`);
}

describe("a flow", () => {
  it("hears of its steps one after the other", () => {
    const sent = heard(FLOW, { type: "sent", kind: "approve", intentId: "a", txHash: HASH });
    expect(sent.phase).toBe("following");
    expect(currentStep(sent)?.txHash).toBe(HASH);
    const ready = intent("a", { status: "ready", step: "ready" });
    const next = heard(sent, { type: "status", kind: "approve", intentId: "a", seq: 4, intent: ready });
    expect(currentStep(next)?.intentId).toBe("b");
  });

  it("goes on after a reload if it was prepared, and waits for a click if it was not", () => {
    expect(afterReload({ ...FLOW, phase: "asking" }).phase).toBe("following");
    expect(afterReload({ ...FLOW, steps: [] }).phase).toBe("paused");
    expect(afterReload({ ...FLOW, phase: "failed" }).phase).toBe("failed");
  });

  it("belongs to the account that began it", () => {
    expect(flowsOf([FLOW], "0x01")).toEqual([FLOW]);
    expect(flowsOf([FLOW], "0x02")).toEqual([]);
    expect(flowsOf([FLOW], undefined)).toEqual([]);
  });

  it("names the orders that it buys", () => {
    const bought = { ...FLOW, body: { items: [{ orderHash: HASH }] } };
    expect(ordersIn(bought)).toEqual([HASH]);
    expect(ordersIn({ ...bought, kind: "mint" })).toEqual([]);
  });

  it("shows a sped-up transaction by its newer hash", () => {
    const sent = heard(FLOW, { type: "sent", kind: "approve", intentId: "a", txHash: HASH });
    const faster = intent("a", { step: "tracked", txHash: "0xcd" });
    const after = heard(sent, {
      type: "status",
      kind: "approve",
      intentId: "a",
      seq: 3,
      intent: faster,
      spedUpFrom: HASH,
    });
    expect(currentStep(after)?.txHash).toBe("0xcd");
  });
});

describe("the timeline", () => {
  it("waits for the wallet first", () => {
    expect(states({ intentId: "b", kind: "mint" })).toEqual([
      "prepared done",
      "sent now",
      "confirming todo",
      "indexed todo",
      "ready todo",
    ]);
  });

  it("never shows a pending transaction as done", () => {
    const step = { intentId: "b", kind: "mint", txHash: HASH, intent: intent("b", { step: "confirming" }) } as const;
    expect(states(step)).toEqual(["prepared done", "sent done", "confirming now", "indexed todo", "ready todo"]);
    const indexed = { ...step, intent: intent("b", { step: "indexed" }) };
    expect(states(indexed).at(-1)).toBe("ready todo");
  });

  it("has no catalog for what its receipt settles", () => {
    const step = { intentId: "a", kind: "approve", intent: intent("a", { status: "ready", step: "ready" }) } as const;
    expect(states(step)).toEqual(["prepared done", "sent done", "confirming done", "ready done"]);
  });

  it("says where it went wrong", () => {
    const step = {
      intentId: "b",
      kind: "mint",
      txHash: HASH,
      intent: intent("b", { status: "failed", step: "failed" }),
    } as const;
    expect(states(step)).toEqual(["prepared done", "sent done", "confirming failed", "indexed todo", "ready todo"]);
  });
});
