// Listings and offers: the API builds them, the wallet signs them, and they are handed in.

import type { Client } from "./client.ts";
import { Flow } from "./flow.ts";
import { type IntentEvent, type Outcome, type Refused, through } from "./intents.ts";
import { read } from "./problems.ts";
import type { Abortable, BuiltOrders, Hex, Schemas, Wish } from "./types.ts";
import { patiently } from "./waiting.ts";
import { addressOf, asked, chainOf, goTo, type Wallet, WalletRefusedError } from "./wallet.ts";

/** The orders are built. The wallet is not asked before the next event is asked for. */
export interface BuiltEvent {
  type: "built";
  built: BuiltOrders;
}

/** The wallet is about to be asked to sign the orders. */
export interface SigningEvent {
  type: "signing";
  built: BuiltOrders;
}

export type OrderFlowEvent = BuiltEvent | SigningEvent | IntentEvent;

/** What became of each order, in their order. One that is `refused` was handed in with others that were not. */
export interface Placed {
  status: "placed";
  orders: Schemas["OneOfMany"][];
}

export type OrderOutcome = Placed | Refused | Exclude<Outcome, { status: "ready" | "satisfied" }>;
export type OrderFlow = Flow<OrderFlowEvent, OrderOutcome>;

export interface OrderOptions extends Abortable {
  /** CAIP-2. Default: the chain that the wallet is on. */
  chainId?: string | undefined;
}

/** A wish without its kind. */
export type Listing = Omit<Wish, "kind" | "tokens" | "traits">;
export type Offer = Omit<Wish, "kind">;

/** Lists a token for sale. */
export function listItem(client: Client, wallet: Wallet, listing: Listing, options?: OrderOptions): OrderFlow {
  return placeOrders(client, wallet, [{ kind: "list", ...listing }], options);
}

/** Offers for a token, for any of the tokens with some `traits` (or of `tokens`), or for any of the collection. */
export function makeOffer(client: Client, wallet: Wallet, offer: Offer, options?: OrderOptions): OrderFlow {
  const ofSome = offer.traits || offer.tokens ? "trait-offer" : "collection-offer";
  return placeOrders(client, wallet, [{ kind: offer.tokenId ? "offer" : ofSome, ...offer }], options);
}

/**
 * Signs up to 50 orders with one signature and hands them in, behind the approvals that they need. One order that is
 * refused throws `ProblemError` (`order_refused`, with `problem.findings`).
 */
export function placeOrders(client: Client, wallet: Wallet, wishes: Wish[], options: OrderOptions = {}): OrderFlow {
  return new Flow(() => placing(client, wallet, wishes, options));
}

async function* placing(
  client: Client,
  wallet: Wallet,
  wishes: Wish[],
  { signal, chainId: given }: OrderOptions,
): AsyncGenerator<OrderFlowEvent, OrderOutcome> {
  const chainId = given ?? (await chainOf(wallet));
  const body = { chainId, maker: addressOf(wallet), orders: wishes };
  const building = () => read(client.api.POST("/v1/orders/build", { body, ...(signal && { signal }) }));
  const built = await patiently(building, { signal });
  yield { type: "built", built };
  for (const { kind, contract, spender, amount } of built.approvals) {
    const approval = { chainId, kind, contract, spender, ...(amount !== undefined && { amount }) };
    const outcome = yield* through(client, wallet, "/v1/approvals/prepare", approval, { signal });
    if (outcome.status !== "ready" && outcome.status !== "satisfied") return outcome as OrderOutcome;
  }
  yield { type: "signing", built };
  try {
    const signature = await asked(async () => {
      signal?.throwIfAborted();
      await goTo(wallet, chainId, signal);
      return await wallet.signTypedData({ account: wallet.account, ...built.typedData });
    });
    return { status: "placed", orders: await handIn(client, chainId, built, signature, signal) };
  } catch (error) {
    if (error instanceof WalletRefusedError) return { status: "refused", kind: "order", error };
    throw error;
  }
}

async function handIn(
  client: Client,
  chainId: string,
  { orders }: BuiltOrders,
  signature: Hex,
  signal?: AbortSignal,
): Promise<Schemas["OneOfMany"][]> {
  const signed = orders.map(({ order, orderHash }) => ({ order, orderHash }));
  const [first, ...others] = signed;
  if (first && !others.length) {
    const body = { chainId, signature, ...first };
    return await patiently(async () => {
      const call = client.api.POST("/v1/orders", { body, ...(signal && { signal }) });
      const { order, findings } = await read(call);
      const outcome = (await call).response.status === 201 ? "created" : "known";
      return [{ outcome, orderHash: first.orderHash, order, findings }] as Schemas["OneOfMany"][];
    }, { signal });
  }
  const body = { chainId, signature, orders: signed };
  const call = () => read(client.api.POST("/v1/orders/bulk", { body, ...(signal && { signal }) }));
  return (await patiently(call, { signal })).items;
}
