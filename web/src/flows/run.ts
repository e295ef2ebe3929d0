// Runs flows: prepare, have the wallet send, report the hash, follow. Each can be left and taken up again.

import { api, got } from "~/api/client.ts";
import { follow } from "~/api/follow.ts";
import { adviceOn } from "~/api/problems.ts";
import { currentSession } from "~/api/session.ts";
import { createStore, createStoredStore } from "~/lib/store.ts";
import { queryClient } from "~/query-client.ts";
import { texts } from "~/texts.ts";
import { toast } from "~/ui/toast.ts";
import { sendTransaction, WalletError } from "~/wallet/provider.ts";
import { requireSession, requireSigner } from "~/wallet/wallet.ts";
import { afterReload, currentStep, type Flow, isOpen, stepsOf, withIntent } from "./flow.ts";
import { type Answer, type BodyOf, type FlowKind, PREPARE, type Prepared } from "./kinds.ts";

const KEPT = 20;
/** Ended flows that this browser remembers. */

export const flows = createStoredStore<readonly Flow[]>("steadymint.flows", (stored) => (stored ?? []) as Flow[]);
/** The flow whose dialog is open. */
export const shownFlow = createStore<string | null>(null);

const running = new Map<string, AbortController>();

export interface Start<K extends FlowKind> {
  kind: K;
  chainId: string;
  body: BodyOf<K>;
  /** What is done, such as `Buy Lighthouse #1`. */
  title: string;
  image?: string;
  href?: string;
  /** False for pages that show the flow themselves. */
  dialog?: boolean;
}

/**
 * Starts a flow and returns its end: the flow as `done`, `failed` or `paused`. Asks a visitor to sign in first, and
 * throws a `WalletError` if they do not.
 */
export async function start<K extends FlowKind>(what: Start<K>): Promise<Flow> {
  const session = await requireSession();
  const { kind, chainId, body, title, image, href } = what;
  const flow: Flow = {
    id: crypto.randomUUID(),
    kind,
    chainId,
    account: session.address,
    body,
    title,
    image,
    href,
    startedAt: new Date().toISOString(),
    phase: "preparing",
    steps: [],
  };
  flows.set((all) => [flow, ...all].filter((one, place) => place < KEPT || isOpen(one)));
  if (what.dialog !== false) shownFlow.set(flow.id);
  return await run(flow.id);
}

/** Takes up a flow where it stands. */
export async function run(id: string): Promise<Flow> {
  running.get(id)?.abort();
  const stop = new AbortController();
  running.set(id, stop);
  try {
    await advance(id, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return known(id);
    fail(id, error);
  } finally {
    if (running.get(id) === stop) running.delete(id);
  }
  const flow = known(id);
  if (!isOpen(flow)) await queryClient.invalidateQueries();
  return flow;
}

/** Forgets a flow. What was sent cannot be taken back, and goes on without us. */
export function dismiss(id: string): void {
  running.get(id)?.abort();
  flows.set((all) => all.filter((one) => one.id !== id));
  if (shownFlow.get() === id) shownFlow.set(null);
}

/** Once per page: what was under way before it was loaded. */
export function resumeFlows(): void {
  flows.set((all) => all.map(afterReload));
  if (currentSession() === null) return;
  for (const flow of flows.get()) if (flow.phase === "following") void run(flow.id);
}

async function advance(id: string, signal: AbortSignal): Promise<void> {
  while (isOpen(known(id)) && !signal.aborted) {
    if (known(id).steps.length > 0 && currentStep(known(id)) === undefined) {
      change(id, { phase: "done" });
      return;
    }
    if (currentStep(known(id))?.txHash === undefined) {
      change(id, { phase: "preparing", trouble: undefined });
      const answer = await prepared(id);
      if (answer === undefined) return;
      await send(id, answer);
    }
    await followStep(id, signal);
  }
}

/** What is to be signed. Undefined if the chain says already what was wanted. */
async function prepared(id: string): Promise<Prepared | undefined> {
  const flow = known(id);
  const answer = (await got(
    api.POST(PREPARE[flow.kind], { body: flow.body as never, params: { header: { "Idempotency-Key": id } } }),
  )) as Answer;
  if ("satisfied" in answer) {
    change(id, { phase: "done", steps: [] });
    return undefined;
  }
  change(id, { steps: stepsOf(answer, known(id).steps) });
  return answer;
}

/** Has the wallet send the current step, unless that happened before the page was loaded again. */
async function send(id: string, prepared: Prepared): Promise<void> {
  const intentId = currentStep(known(id))?.intentId;
  const wanted = [...(prepared.steps ?? []), prepared].find((one) => one.intentId === intentId);
  if (wanted === undefined || wanted.status !== "pending") return;
  const path = { intentId: wanted.intentId };
  const intent = await got(api.GET("/v1/intents/{intentId}", { params: { path } }));
  flows.set((all) => all.map((one) => (one.id === id ? withIntent(one, intent) : one)));
  if (intent.txHash !== undefined) return;
  change(id, { phase: "asking" });
  const { choice } = await requireSigner(known(id).chainId);
  const txHash = await sendTransaction(choice.provider, wanted.txRequest);
  change(id, { steps: known(id).steps.map((step) => (step.intentId === intentId ? { ...step, txHash } : step)) });
  await got(api.POST("/v1/intents/{intentId}/track", { params: { path }, body: { txHash } }));
}

async function followStep(id: string, signal: AbortSignal): Promise<void> {
  const step = currentStep(known(id));
  if (step === undefined) return;
  change(id, { phase: "following", trouble: undefined });
  for await (const intent of follow(step.intentId, signal)) {
    flows.set((all) => all.map((one) => (one.id === id ? withIntent(one, intent) : one)));
    if (intent.status === "failed" || intent.status === "expired") {
      const code = intent.error?.code ?? "deadline_passed";
      change(id, { phase: "failed", trouble: texts.flow.endings[code] });
    }
  }
}

/** A wallet that said no leaves everything to be tried again; so does an API that is away. */
function fail(id: string, error: unknown): void {
  if (error instanceof WalletError) {
    const { title, advice } = texts.wallet.failures[error.failure];
    change(id, { phase: "paused", trouble: { title, advice: advice ?? error.message } });
    return;
  }
  change(id, { phase: "paused", trouble: adviceOn(error) });
  if (shownFlow.get() !== id) toast.error(error);
}

function known(id: string): Flow {
  const flow = flows.get().find((one) => one.id === id);
  if (flow === undefined) throw new WalletError("rejected", "The flow was dismissed");
  return flow;
}

function change(id: string, what: Partial<Flow>): void {
  flows.set((all) => all.map((one) => (one.id === id ? { ...one, ...what } : one)));
}
