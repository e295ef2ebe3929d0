// Placing an order: what is missing is wrapped and approved, the wallet signs, the market takes it.

import { newUuid, placeOrders, type Schemas, type Wish } from "@steadymint/client";
import { useEffect, useRef, useState } from "react";

import { api, client, got, type Hex } from "~/api/client.ts";
import type { Advice } from "~/api/problems.ts";
import { type Flow, flowsOf, isOpen } from "~/flows/flow.ts";
import type { BodyOf } from "~/flows/kinds.ts";
import { dismiss, flows, run, start } from "~/flows/run.ts";
import { queryClient } from "~/query-client.ts";
import { texts } from "~/texts.ts";
import { requireSession, walletOn } from "~/wallet/wallet.ts";

export type PlacingPhase = keyof typeof texts.trade.phases;
type Finding = Schemas["OrderFinding"];

export interface Placing {
  phase: PlacingPhase;
  /** Of the approval that is under way. */
  flowId?: string;
  /** How an approval has ended that was not given. */
  trouble?: Advice;
}

export interface Wanted {
  chainId: string;
  wish: Wish;
  /** Where the reader finds what it is about. */
  href: string;
  /** What must be done before, such as wrapping. It may ask the wallet, and ends early when `signal` aborts. */
  before?: (account: Hex, tell: (phase: PlacingPhase) => void, signal: AbortSignal) => Promise<void>;
}

/**
 * Places orders and says how far it is. `place` answers the findings of an order that stands, null if an approval was
 * not given. It throws what the API or the wallet says against it. It stops when the component goes away: what the
 * wallet signs after that is not handed in.
 */
export function usePlacing(): Placing & {
  place: (wanted: Wanted) => Promise<Finding[] | null>;
} {
  const [state, setState] = useState<Placing>({ phase: "idle" });
  const leaving = useRef(new AbortController());

  useEffect(() => {
    const controller = new AbortController(); // React may mount a component twice
    leaving.current = controller;
    return () => controller.abort();
  }, []);

  async function place(wanted: Wanted): Promise<Finding[] | null> {
    const { signal } = leaving.current;
    const tell = (next: Placing): void => {
      if (!signal.aborted) setState(next);
    };
    try {
      return await placed(wanted, tell, signal);
    } catch (error) {
      tell({ phase: "idle" });
      throw error;
    }
  }

  return { ...state, place };
}

/** The last placing of each account, which may still wait for the wallet. It never rejects. */
const last = new Map<Hex, Promise<unknown>>();

/** Places orders when whatever this account placed before has ended: a wallet cannot take back what it asks. */
export async function placed(
  wanted: Wanted,
  tell: (state: Placing) => void,
  signal: AbortSignal,
): Promise<Finding[] | null> {
  const { address } = await requireSession();
  const before = last.get(address);
  if (before !== undefined) tell({ phase: "waiting" });
  const ended = (before ?? Promise.resolve()).then(() => placing(wanted, address, tell, signal));
  const quiet = ended.catch(() => undefined);
  last.set(address, quiet);
  void quiet.then(() => {
    if (last.get(address) === quiet) last.delete(address);
  });
  return await ended;
}

async function placing(
  { chainId, wish, href, before }: Wanted,
  address: Hex,
  tell: (state: Placing) => void,
  signal: AbortSignal,
): Promise<Finding[] | null> {
  signal.throwIfAborted();
  tell({ phase: "building" });
  await before?.(address, (phase) => tell({ phase }), signal);
  const body = { chainId, maker: address, orders: [wish] };
  const { approvals } = await got(api.POST("/v1/orders/build", { body, signal }));
  for (const { kind, contract, spender, amount } of approvals) {
    const approval = { chainId, kind, contract, spender, ...(amount !== undefined && { amount }) };
    const flow = await approve(address, approval, href, (flowId) => tell({ phase: "approving", flowId }));
    signal.throwIfAborted();
    if (flow.phase === "done") continue;
    // A flow that stopped has its trouble; one that never began here runs in another tab.
    tell({ phase: "idle", trouble: flow.trouble ?? texts.trade.elsewhere });
    return null;
  }
  const flow = placeOrders(client, walletOn(chainId, address), [wish], { chainId, signal });
  const outcome = await flow.outcome(({ type }) => tell({ phase: type === "signing" ? "signing" : "building" }));
  if (outcome.status === "placed") {
    tell({ phase: "idle" });
    await queryClient.invalidateQueries();
    return outcome.orders[0]?.findings ?? [];
  }
  const trouble =
    outcome.status === "refused"
      ? texts.wallet.failures.rejected
      : texts.flow.endings[outcome.intent.error?.code ?? "deadline_passed"];
  tell({ phase: "idle", trouble });
  return null;
}

/** An approval is a flow of its own, so it goes on after a reload. One that is under way is not asked for again. */
async function approve(
  account: Hex,
  body: BodyOf<"approve">,
  href: string,
  begun: (flowId: string) => void,
): Promise<Flow> {
  const same = JSON.stringify(body);
  const open = flowsOf(flows.get(), account).find(
    (one) => isOpen(one) && one.kind === "approve" && JSON.stringify(one.body) === same,
  );
  const id = open?.id ?? newUuid();
  begun(id);
  const { chainId } = body;
  const title = texts.flow.kinds.approve;
  const flow = await (open ? run(id) : start({ id, kind: "approve", chainId, body, title, href, dialog: false }));
  // Nothing of it was sent: the form is still there, and asks again.
  if (flow.phase === "paused" && flow.steps.every((step) => step.txHash === undefined)) dismiss(id);
  return flow;
}
