import type { Schemas } from "~/api/client.ts";
import { addToCart, type CartItem } from "~/lib/cart.ts";
import { texts } from "~/texts.ts";
import { toast } from "~/ui/toast.ts";
import { isChoosable, plainPrice, plainUnits } from "./units.ts";

type Listed = Pick<Schemas["TokenBody"], "chainId" | "contract" | "tokenId" | "imageUrl" | "name">;

/** A listing of a token as the cart keeps it. */
export function itemOf(token: Listed, order: Schemas["ListedOrderView"], collection: string): CartItem {
  const { chainId, contract, tokenId, imageUrl } = token;
  const { currency } = order.price;
  const units = plainUnits(order);
  const plain = token.name ?? `#${tokenId}`;
  const name = units === 1n ? plain : `${plain} ×${units}`;
  const price = plainPrice(order);
  const { orderHash } = order;
  const about = { chainId, contract, tokenId, name, collection, imageUrl };
  const choice = isChoosable(order) ? { most: order.fillable, each: order.price.amount } : undefined;
  return { ...about, orderHash, units: String(units), price, currency: currency.symbol, choice };
}

/** Puts an item into the cart, and says so where something else came of it than the reader sees at the button. */
export function addTold(item: CartItem): void {
  const outcome = addToCart(item);
  if (outcome === "full") toast.refused(texts.trade.full);
  if (outcome === "alone") toast.done(texts.trade.added, texts.trade.alone(item.currency));
}
