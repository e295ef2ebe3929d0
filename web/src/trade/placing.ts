// Placing an order: what is missing is wrapped and approved, the wallet signs, the market takes it.

import { placeOrders, type Schemas, type Wish } from "@steadymint/client";
import { useState } from "react";

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
  /** What must be done before, such as wrapping. It may ask the wallet. */
  before?: (account: Hex, tell: (phase: PlacingPhase) => void) => Promise<void>;
}

/**
 * Places orders and says how far it is. `place` answers the findings of an order that stands, null if an approval was
 * not given. It throws what the API or the wallet says against it.
 */
export function usePlacing(): Placing & {
  place: (wanted: Wanted) => Promise<Finding[] | null>;
} {
  const [state, setState] = useState<Placing>({ phase: "idle" });

  async function place({ chainId, wish, href, before }: Wanted): Promise<Finding[] | null> {
    try {
      const { address } = await requireSession();
      setState({ phase: "building" });
      await before?.(address, (phase) => setState({ phase }));
      const body = { chainId, maker: address, orders: [wish] };
      const { approvals } = await got(api.POST("/v1/orders/build", { body }));
      for (const { kind, contract, spender, amount } of approvals) {
        const approval = { chainId, kind, contract, spender, ...(amount !== undefined && { amount }) };
        const flow = await approve(address, approval, href, (flowId) => setState({ phase: "approving", flowId }));
        if (flow.phase === "done") continue;
        setState({ phase: "idle", trouble: flow.trouble });
        return null;
      }
      const flow = placeOrders(client, walletOn(chainId, address), [wish], { chainId });
      const outcome = await flow.outcome(({ type }) =>
        setState({ phase: type === "signing" ? "signing" : "building" }),
      );
      if (outcome.status === "placed") {
        setState({ phase: "idle" });
        await queryClient.invalidateQueries();
        return outcome.orders[0]?.findings ?? [];
      }
      const trouble =
        outcome.status === "refused"
          ? texts.wallet.failures.rejected
          : texts.flow.endings[outcome.intent.error?.code ?? "deadline_passed"];
      setState({ phase: "idle", trouble });
      return null;
    } catch (error) {
      setState({ phase: "idle" });
      throw error;
    }
  }

  return { ...state, place };
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
  const id = open?.id ?? crypto.randomUUID();
  begun(id);
  const { chainId } = body;
  const title = texts.flow.kinds.approve;
  const flow = await (open ? run(id) : start({ id, kind: "approve", chainId, body, title, href, dialog: false }));
  // Nothing of it was sent: the form is still there, and asks again.
  if (flow.phase === "paused" && flow.steps.every((step) => step.txHash === undefined)) dismiss(id);
  return flow;
}
