// Placing an order: what is missing is wrapped and approved, the wallet signs, the market takes it.

import { placeOrders, type Schemas, type Wish } from "@steadymint/client";
import { useState } from "react";

import { client } from "~/api/client.ts";
import { type Advice, adviceOn, reasonOf } from "~/api/problems.ts";
import type { FlowStep } from "~/flows/flow.ts";
import { queryClient } from "~/query-client.ts";
import { texts } from "~/texts.ts";
import { walletErrorOf } from "~/wallet/provider.ts";
import { requireSession, walletOn } from "~/wallet/wallet.ts";

export type PlacingPhase = keyof typeof texts.trade.phases;
type Finding = Schemas["OrderFinding"];

export interface Placing {
  phase: PlacingPhase;
  /** The approval that is under way. */
  step?: FlowStep;
  trouble?: Advice;
  /** What the API says is wrong with the price. */
  priceError?: string;
}

export interface Wanted {
  chainId: string;
  wish: Wish;
  /** What must be done before, such as wrapping. It may ask the wallet. */
  before?: (account: Schemas["TokenAnswer"]["address"], tell: (phase: PlacingPhase) => void) => Promise<void>;
}

/** Places orders and says how far it is. `place` answers the findings of an order that stands, null if it does not. */
export function usePlacing(): Placing & {
  place: (wanted: Wanted) => Promise<Finding[] | null>;
} {
  const [state, setState] = useState<Placing>({ phase: "idle" });

  async function place({ chainId, wish, before }: Wanted): Promise<Finding[] | null> {
    try {
      const { address } = await requireSession();
      setState({ phase: "building" });
      await before?.(address, (phase) => setState({ phase }));
      const flow = placeOrders(client, walletOn(chainId, address), [wish], {
        chainId,
      });
      const outcome = await flow.outcome((event) => setState((now) => heard(now, event)));
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
    } catch (error) {
      setState({
        phase: "idle",
        trouble: troubleOf(error),
        priceError: reasonOf(error, "price"),
      });
    }
    return null;
  }

  return { ...state, place };
}

type Event = Parameters<NonNullable<Parameters<ReturnType<typeof placeOrders>["outcome"]>[0]>>[0];

function heard(now: Placing, event: Event): Placing {
  switch (event.type) {
    case "built":
      return { phase: "building" };
    case "prepared":
      return { phase: "approving" };
    case "asking":
      return {
        phase: "approving",
        step: { intentId: event.intentId, kind: event.kind },
      };
    case "sent":
      return {
        phase: "approving",
        step: {
          intentId: event.intentId,
          kind: event.kind,
          txHash: event.txHash,
        },
      };
    case "status":
      return {
        phase: "approving",
        step: {
          ...now.step,
          intentId: event.intentId,
          kind: event.kind,
          intent: event.intent,
        },
      };
    case "signing":
      return { phase: "signing" };
  }
}

function troubleOf(error: unknown): Advice {
  const ofWallet = walletErrorOf(error);
  if (ofWallet === undefined) return adviceOn(error);
  const { title, advice } = texts.wallet.failures[ofWallet.failure];
  return { title, advice: advice ?? ofWallet.message };
}
