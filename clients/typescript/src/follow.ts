// Following an intent to its end.

import type { Client } from "./client.ts";
import { resumedEvents } from "./events.ts";
import { Flow } from "./flow.ts";
import { read } from "./problems.ts";
import type { Abortable, Hex, Intent, IntentKind, OrderEvent } from "./types.ts";

/** A step of an intent. */
export interface StatusEvent {
  type: "status";
  intentId: string;
  kind: IntentKind;
  /** The number of the step, from 1. Give it as `after` to go on behind it. */
  seq: number;
  intent: Intent;
  /** The hash that the wallet had given, where it has replaced the transaction by one that pays more. */
  spedUpFrom?: Hex;
}

/** How an intent has ended. */
export type Ended = { status: "ready" | "failed" | "expired"; intent: Intent };

export interface FollowOptions extends Abortable {
  /** The last step that was seen. Default: 0, all of them. */
  after?: number | undefined;
}

/**
 * Every step of an intent, once and in order, until it has ended: through cuts, restarts of the API, and the end of an
 * access token. A page that was reloaded goes on by the intent's id. Throws `ProblemError`.
 */
export function follow(client: Client, intentId: string, options: FollowOptions = {}): Flow<StatusEvent, Ended> {
  return new Flow(() => steps(client, intentId, options));
}

export async function* steps(
  client: Client,
  intentId: string,
  { after = 0, signal }: FollowOptions,
): AsyncGenerator<StatusEvent, Ended> {
  const path = { intentId };
  const open = (last: string) => {
    const params = { path, header: { "Last-Event-ID": last } };
    return client.api.GET("/v1/intents/{intentId}/events", { params, parseAs: "stream", ...(signal && { signal }) });
  };
  let txHash: Hex | undefined;
  const again = await client.session.pinned();
  for await (const { id, data } of resumedEvents(open, { after: String(after), signal, again })) {
    const intent = JSON.parse(data) as Intent;
    const status: StatusEvent = { type: "status", intentId, kind: intent.kind, seq: Number(id), intent };
    if (txHash && intent.txHash && txHash !== intent.txHash) status.spedUpFrom = txHash;
    txHash = intent.txHash ?? txHash;
    yield status;
    if (intent.status !== "pending") return { status: intent.status, intent };
  }
  // Nothing was left to tell: it had ended by the step that was seen last.
  const intent = await read(client.api.GET("/v1/intents/{intentId}", { params: { path }, ...(signal && { signal }) }));
  if (intent.status === "pending") throw new Error(`Intent ${intentId} has not ended, and its stream has`);
  return { status: intent.status, intent };
}

export interface FollowOrdersOptions extends Abortable {
  chainId?: string | undefined;
  contract?: string | undefined;
  maker?: Hex | undefined;
  /** The number of the last change that was seen. Default: those from now on. */
  after?: number | undefined;
}

/** Changes of orders, until the signal is aborted. Needs no session. */
export async function* followOrders(client: Client, options: FollowOrdersOptions = {}): AsyncGenerator<OrderEvent> {
  const { signal, after, ...filters } = options;
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
  const open = (last: string) => {
    const params = { query, ...(last && { header: { "Last-Event-ID": last } }) };
    return client.api.GET("/v1/orders/events", { params, parseAs: "stream", ...(signal && { signal }) });
  };
  for await (const { data } of resumedEvents(open, { after: after?.toString(), signal })) yield JSON.parse(data);
}
