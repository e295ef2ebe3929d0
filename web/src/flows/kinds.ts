// The kinds of intents that a page can start, and the route that prepares each.

import type { Paths, Schemas } from "~/api/client.ts";

export const PREPARE = {
  approve: "/v1/approvals/prepare",
  cancel: "/v1/cancellations/prepare",
  purchase: "/v1/purchases/prepare",
  sale: "/v1/sales/prepare",
  mint: "/v1/mints/prepare",
  collection: "/v1/collections/prepare",
  launch: "/v1/tokens-fungible/prepare",
} as const;

export type FlowKind = keyof typeof PREPARE;

export type BodyOf<K extends FlowKind> = Paths[(typeof PREPARE)[K]]["post"]["requestBody"]["content"]["application/json"];

export interface Prepared {
  intentId: string;
  kind: Schemas["IntentKind"];
  status: Schemas["IntentStatus"];
  txRequest: Schemas["TxRequest"];
  /** What must be done before, each an intent of its own. */
  steps?: Omit<Prepared, "steps">[];
}

export type Answer = Prepared | Schemas["SatisfiedAnswer"];
