// Runs flows by the client, and remembers them, so that each can be left and taken up again.

import { newUuid, type Outcome } from "@steadymint/client";

import { adviceOn } from "~/api/problems.ts";
import { currentSession, useSession } from "~/api/session.ts";
import { takeOut } from "~/lib/cart.ts";
import { createStore, createStoredStore, useStore } from "~/lib/store.ts";
import { queryClient } from "~/query-client.ts";
import { texts } from "~/texts.ts";
import { toast } from "~/ui/toast.ts";
import { WalletError, walletErrorOf } from "~/wallet/provider.ts";
import { requireSession, walletOn } from "~/wallet/wallet.ts";
import { afterReload, type Flow, flowsOf, heard, isOpen, keptFlows, ordersIn } from "./flow.ts";
import { type BodyOf, type FlowKind, flowOf } from "./kinds.ts";
import { alone, heldLocks, lockOf } from "./locks.ts";

/** Ended flows that this browser remembers. */
const KEPT = 20;

export const flows = createStoredStore("steadymint.flows", keptFlows);
/** The flow whose dialog is open. */
export const shownFlow = createStore<string | null>(null);

interface Running {
  stop: AbortController;
  /** Never rejects. */
  ended: Promise<void>;
}

/** What runs in this tab. */
const running = new Map<string, Running>();

/** The flows of whoever is signed in, in components. */
export function useOwnFlows(): readonly Flow[] {
  return flowsOf(useStore(flows), useSession()?.address);
}

export interface Start<K extends FlowKind> {
  /** Of a flow that was prepared before, under this idempotency key. Default: a new one. */
  id?: string;
  kind: K;
  chainId: string;
  body: BodyOf<K>;
  /** What is done, such as `Buy Lighthouse #1`. */
  title: string;
  image?: string;
  /** Where the reader finds what it is about. */
  href?: string;
  /** False for pages that show the flow themselves. */
  dialog?: boolean;
}

/**
 * Starts a flow and returns how it stands when it stops: `done`, `failed`, or `paused` (the wallet said no, the API is
 * away). Asks a visitor to sign in first, and throws a `WalletError` if they do not.
 */
export async function start<K extends FlowKind>(what: Start<K>): Promise<Flow> {
  const session = await requireSession();
  const { dialog = true, id = newUuid(), ...rest } = what;
  const startedAt = new Date().toISOString();
  const flow: Flow = {
    ...rest,
    id,
    account: session.address,
    startedAt,
    phase: "preparing",
    steps: [],
  };
  flows.set((all) => [flow, ...all].filter((one, place) => place < KEPT || isOpen(one)));
  if (dialog) shownFlow.set(id);
  return await run(id);
}

/**
 * Takes up a flow where it stands. Without `mayAsk` it stops before the wallet would have to be asked. Leaves it to
 * another tab if that runs it. Throws a `WalletError` for a flow of another account than the session's.
 */
export async function run(id: string, mayAsk = true): Promise<Flow> {
  const account = known(id)?.account;
  if (account !== undefined && account !== currentSession()?.address) {
    throw new WalletError("failed", `${account} began this. Sign in with that account.`);
  }
  const before = running.get(id);
  before?.stop.abort();
  const stop = new AbortController();
  const ended = (before?.ended ?? Promise.resolve()).then(() => attempt(id, stop.signal, mayAsk));
  running.set(id, { stop, ended });
  await ended;
  if (running.get(id)?.stop === stop) running.delete(id);
  const flow = known(id);
  if (flow !== undefined && !isOpen(flow)) await queryClient.invalidateQueries();
  if (flow === undefined) throw new DOMException("The flow was dismissed", "AbortError");
  return flow;
}

/** Forgets a flow. What was sent cannot be taken back, and goes on without us. */
export function dismiss(id: string): void {
  running.get(id)?.stop.abort();
  flows.set((all) => all.filter((one) => one.id !== id));
  if (shownFlow.get() === id) shownFlow.set(null);
}

/**
 * When the page is loaded and when somebody signs in: takes up what they had under way, as far as the wallet is not
 * needed. Flows that this tab or another one runs are left alone.
 */
export async function resumeFlows(): Promise<void> {
  const elsewhere = await heldLocks();
  const account = currentSession()?.address;
  const left = flowsOf(flows.get(), account).filter(
    (flow) => isOpen(flow) && !running.has(flow.id) && !elsewhere.has(lockOf(flow.id)),
  );
  for (const flow of left) {
    const resumed = afterReload(flow);
    change(flow.id, { phase: resumed.phase });
    if (resumed.phase === "following") void run(flow.id, false).catch(() => undefined);
  }
}

/** Stops what runs for other accounts, when another user signs in or nobody is signed in any more. */
export function leaveFlowsOfOthers(): void {
  const account = currentSession()?.address;
  for (const [id, { stop }] of running) {
    if (known(id)?.account === account) continue;
    stop.abort();
    const flow = known(id);
    if (flow !== undefined && isOpen(flow)) change(id, { phase: "paused" });
    if (shownFlow.get() === id) shownFlow.set(null);
  }
}

async function attempt(id: string, signal: AbortSignal, mayAsk: boolean): Promise<void> {
  try {
    await alone(lockOf(id), () => go(id, signal, mayAsk));
  } catch (error) {
    if (!signal.aborted) fail(id, error);
  }
}

async function go(id: string, signal: AbortSignal, mayAsk: boolean): Promise<void> {
  const flow = known(id);
  if (flow === undefined || signal.aborted || !isOpen(flow)) return;
  change(id, {
    phase: flow.steps.length === 0 ? "preparing" : "following",
    trouble: undefined,
  });
  const wallet = walletOn(flow.chainId, flow.account);
  const under = { idempotencyKey: flow.id, signal };
  for await (const event of flowOf(flow.kind, wallet, flow.body, under)) {
    if (signal.aborted) return;
    if (event.type === "done") {
      end(id, event.outcome);
      return;
    }
    if (event.type === "asking" && !mayAsk) {
      change(id, { phase: "paused" });
      return;
    }
    flows.set((all) => all.map((one) => (one.id === id ? heard(one, event) : one)));
  }
}

function end(id: string, outcome: Outcome): void {
  if (outcome.status === "ready" || outcome.status === "satisfied") {
    change(id, { phase: "done" });
    const flow = known(id);
    if (flow !== undefined) takeOut(ordersIn(flow));
  } else if (outcome.status === "refused") {
    change(id, { phase: "paused", trouble: texts.wallet.failures.rejected });
  } else {
    change(id, {
      phase: "failed",
      trouble: texts.flow.endings[outcome.intent.error?.code ?? "deadline_passed"],
    });
  }
}

/** Whatever stopped it, nothing of it is lost, and it can be taken up again. */
function fail(id: string, error: unknown): void {
  const ofWallet = walletErrorOf(error);
  if (ofWallet === undefined) {
    change(id, { phase: "paused", trouble: adviceOn(error) });
    if (shownFlow.get() !== id) toast.error(error);
    return;
  }
  const { title, advice } = texts.wallet.failures[ofWallet.failure];
  change(id, {
    phase: "paused",
    trouble: { title, advice: advice ?? ofWallet.message },
  });
}

function known(id: string): Flow | undefined {
  return flows.get().find((one) => one.id === id);
}

function change(id: string, what: Partial<Flow>): void {
  flows.set((all) => all.map((one) => (one.id === id ? { ...one, ...what } : one)));
}
