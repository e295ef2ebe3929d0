// The kinds of intents that a page can start, and the client's flow of each.

import {
  approve,
  cancel,
  createCollection,
  type IntentFlow,
  type IntentOptions,
  launchToken,
  mint,
  type Prepared,
  type PreparedFill,
  purchase,
  sale,
  type Wallet,
} from "@steadymint/client";

import { client, type Paths } from "~/api/client.ts";

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
export type BodyOf<K extends FlowKind> =
  Paths[(typeof PREPARE)[K]]["post"]["requestBody"]["content"]["application/json"];

const FLOWS = {
  approve,
  cancel,
  purchase,
  sale,
  mint,
  collection: createCollection,
  launch: launchToken,
};

/** The client's flow of a kind. `body` is what was stored: one of the kind's own. */
export function flowOf(
  kind: FlowKind,
  wallet: Wallet,
  body: unknown,
  options: IntentOptions,
): IntentFlow<Prepared | PreparedFill> {
  return FLOWS[kind](client, wallet, body as never, options) as IntentFlow<Prepared | PreparedFill>;
}
