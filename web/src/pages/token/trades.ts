// What can be done with an order of a token, each as a flow.

import type { Schemas } from "~/api/client.ts";
import type { Flow } from "~/flows/flow.ts";
import { type Start, start } from "~/flows/run.ts";
import { times } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { hrefOf } from "~/trade/href.ts";
import { plainUnits, quantityOf } from "~/trade/units.ts";

type Token = Schemas["TokenDetailBody"];
type Order = Schemas["ListedOrderView"];
export type Fill = Start<"purchase"> | Start<"sale">;

export function buy(token: Token, order: Order): Promise<Flow> {
  return start(purchaseOf(token, order, plainUnits(order)));
}

export function accept(token: Token, order: Order): Promise<Flow> {
  return start(saleOf(token, order, plainUnits(order)));
}

/** To buy that many units of a listing. */
export function purchaseOf(token: Token, order: Order, units: bigint): Start<"purchase"> {
  const { chainId } = token;
  const items = [{ orderHash: order.orderHash, ...quantityOf(units) }];
  const body = { chainId, items, maxTotal: times(order.price.amount, units) ?? order.price.amount };
  return { ...about(token), kind: "purchase", body, title: texts.token.buyTitle(nameOf(token, units)) };
}

/** To sell that many units into an offer. */
export function saleOf(token: Token, order: Order, units: bigint): Start<"sale"> {
  const { chainId, tokenId } = token;
  const { orderHash, side } = order;
  const body = { chainId, orderHash, tokenId: side === "item_offer" ? undefined : tokenId, ...quantityOf(units) };
  return { ...about(token), kind: "sale", body, title: texts.token.acceptTitle(nameOf(token, units)) };
}

export function cancel(token: Token, { orderHash, side }: Order): Promise<Flow> {
  const words = side === "listing" ? texts.token.cancelTitle : texts.token.cancelOffer;
  const body = { chainId: token.chainId, orderHashes: [orderHash] };
  return start({ ...about(token), kind: "cancel", body, title: words(nameOf(token, 1n)) });
}

function nameOf({ name, tokenId }: Token, units: bigint): string {
  const plain = name ?? `#${tokenId}`;
  return units === 1n ? plain : `${plain} ×${units}`;
}

function about({ chainId, contract, tokenId, imageUrl }: Token) {
  return { chainId, image: imageUrl, href: hrefOf({ chainId, contract, tokenId }) };
}
