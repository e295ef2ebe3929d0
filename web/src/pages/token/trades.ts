// What can be done with an order of a token, each as a flow.

import type { Schemas } from "~/api/client.ts";
import type { Flow } from "~/flows/flow.ts";
import { start } from "~/flows/run.ts";
import { texts } from "~/texts.ts";

type Token = Schemas["TokenDetailBody"];
type Order = Schemas["ListedOrderView"];

export function buy(token: Token, { orderHash, price }: Order): Promise<Flow> {
  const { chainId } = token;
  const body = { chainId, items: [{ orderHash }], maxTotal: price.amount };
  return start({ ...about(token), kind: "purchase", body, title: texts.token.buyTitle(nameOf(token)) });
}

export function cancel(token: Token, { orderHash, side }: Order): Promise<Flow> {
  const words = side === "listing" ? texts.token.cancelTitle : texts.token.cancelOffer;
  const body = { chainId: token.chainId, orderHashes: [orderHash] };
  return start({ ...about(token), kind: "cancel", body, title: words(nameOf(token)) });
}

export function accept(token: Token, { orderHash, side }: Order): Promise<Flow> {
  const { chainId, tokenId } = token;
  const body = { chainId, orderHash, tokenId: side === "item_offer" ? undefined : tokenId };
  return start({ ...about(token), kind: "sale", body, title: texts.token.acceptTitle(nameOf(token)) });
}

function nameOf({ name, tokenId }: Token): string {
  return name ?? `#${tokenId}`;
}

function about({ chainId, contract, tokenId, imageUrl }: Token) {
  return { chainId, image: imageUrl, href: `/collections/${chainId}/${contract}/${tokenId}` };
}
