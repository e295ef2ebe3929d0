// A flow: something that the visitor does on chain, in one or more intents, from the click to the end. Pure.

import type { IntentEvent, Prepared, PreparedFill } from "@steadymint/client";

import type { Hex, Intent, Schemas } from "~/api/client.ts";
import { hasShape, listOf } from "~/lib/shapes.ts";
import type { FlowKind } from "./kinds.ts";

/**
 * - `preparing`: the API is asked for the transaction.
 * - `asking`: the wallet is asked.
 * - `following`: the transaction is on its way.
 * - `paused`: something is left to do, and needs a click: the page was loaded again, or the wallet said no.
 * - `done`, `failed`: it has ended.
 */
export type Phase = "preparing" | "asking" | "following" | "paused" | "done" | "failed";

export interface FlowStep {
  intentId: string;
  kind: Schemas["IntentKind"];
  txHash?: Hex;
  /** As last seen. */
  intent?: Intent;
}

export interface Trouble {
  title: string;
  advice: string;
}

export interface Flow {
  /** Also the idempotency key, so that asking again gives the same intents. */
  id: string;
  kind: FlowKind;
  chainId: string;
  account: Hex;
  body: unknown;
  title: string;
  image?: string;
  /** Where the reader finds what it is about. */
  href?: string;
  startedAt: string;
  phase: Phase;
  steps: FlowStep[];
  trouble?: Trouble;
}

const SHAPE = {
  id: "string",
  kind: "string",
  chainId: "string",
  account: "string",
  body: "object",
  title: "string",
  startedAt: "string",
  phase: "string",
  steps: "array",
} as const;

/** The flows in what this browser kept. */
export function keptFlows(stored: unknown): readonly Flow[] {
  return listOf<Flow>(stored, SHAPE).filter((flow) => flow.steps.every((step) => hasShape(step, STEP)));
}

const STEP = { intentId: "string", kind: "string" } as const;

export function isOpen(flow: Flow): boolean {
  return flow.phase !== "done" && flow.phase !== "failed";
}

/** The step that is under way: the first that has not ended well. */
export function currentStep(flow: Flow): FlowStep | undefined {
  return flow.steps.find((step) => step.intent?.status !== "ready");
}

/** The flow after an event of the client. */
export function heard(flow: Flow, event: IntentEvent<Prepared | PreparedFill>): Flow {
  switch (event.type) {
    case "prepared": {
      const { prepared } = event;
      const parts = "steps" in prepared ? prepared.steps : [prepared];
      const steps = parts.map(
        ({ intentId, kind }) =>
          flow.steps.find((one) => one.intentId === intentId) ?? {
            intentId,
            kind,
          },
      );
      return { ...flow, steps };
    }
    case "asking":
      return { ...flow, phase: "asking" };
    case "sent":
      return {
        ...changed(flow, event.intentId, { txHash: event.txHash }),
        phase: "following",
      };
    case "status": {
      const { intent } = event;
      const txHash = intent.txHash === undefined ? {} : { txHash: intent.txHash };
      return {
        ...changed(flow, event.intentId, { intent, ...txHash }),
        phase: "following",
      };
    }
  }
}

function changed(flow: Flow, intentId: string, what: Partial<FlowStep>): Flow {
  return {
    ...flow,
    steps: flow.steps.map((step) => (step.intentId === intentId ? { ...step, ...what } : step)),
  };
}

/** What a reload leaves of a flow that is taken up again: nobody waits for the wallet, and what was sent goes on. */
export function afterReload(flow: Flow): Flow {
  if (!isOpen(flow)) return flow;
  return { ...flow, phase: flow.steps.length === 0 ? "paused" : "following" };
}

/** The flows of an account: what one user began is neither shown to the next one of this browser, nor run by them. */
export function flowsOf(all: readonly Flow[], account: Hex | undefined): readonly Flow[] {
  return all.filter((flow) => flow.account === account);
}

/** The orders that a purchase buys; none for flows of other kinds. */
export function ordersIn(flow: Flow): readonly Hex[] {
  if (flow.kind !== "purchase") return [];
  const { items } = flow.body as Partial<Schemas["PreparePurchaseBody"]>;
  return Array.isArray(items) ? items.map((item) => item.orderHash as Hex) : [];
}

export type RowState = "todo" | "now" | "done" | "failed";

export interface Row {
  name: "prepared" | "sent" | "confirming" | "indexed" | "ready";
  state: RowState;
  /** Of `confirming`: how deep the transaction is, and how deep it must be. */
  confirmations?: number;
  required?: number;
}

const ORDER = ["prepared", "sent", "confirming", "indexed", "ready"] as const;
/** Kinds whose rows nobody indexes: their receipt settles them. */
const BY_RECEIPT: ReadonlySet<string> = new Set(["approve", "cancel"]);
const REACHED: Record<Schemas["Step"], number> = {
  prepared: 0,
  tracked: 1,
  confirming: 2,
  reorged: 2,
  indexed: 3,
  ready: 4,
  replaced: 1,
  failed: 2,
  expired: 0,
};

/** The rows of the timeline: what is behind, what happens now, what is left. */
export function timeline(step: FlowStep): Row[] {
  const { intent } = step;
  const reached = intent === undefined ? 0 : REACHED[intent.step];
  const sent = step.txHash !== undefined ? Math.max(reached, 1) : reached;
  const failed = intent !== undefined && (intent.status === "failed" || intent.status === "expired");
  const ready = intent?.status === "ready";
  return ORDER.filter((name) => name !== "indexed" || !BY_RECEIPT.has(step.kind)).map((name) => {
    const place = ORDER.indexOf(name);
    const row: Row = { name, state: stateOf(place, sent, ready, failed) };
    if (name === "confirming" && intent !== undefined) {
      row.confirmations = intent.confirmations;
      row.required = intent.requiredConfirmations;
    }
    return row;
  });
}

function stateOf(place: number, reached: number, ready: boolean, failed: boolean): RowState {
  if (ready) return "done";
  if (failed) return place < reached ? "done" : place === reached ? "failed" : "todo";
  if (reached === 0) return place === 0 ? "done" : place === 1 ? "now" : "todo"; // the wallet's turn
  return place < reached || (place === reached && place === 1)
    ? "done"
    : place === Math.max(reached, 2)
      ? "now"
      : "todo";
}
