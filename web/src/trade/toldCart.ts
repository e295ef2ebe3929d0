import { addToCart, type CartItem } from "~/lib/cart.ts";
import { texts } from "~/texts.ts";
import { toast } from "~/ui/toast.ts";

/** Puts an item into the cart, and says so where something else came of it than the reader sees at the button. */
export function addTold(item: CartItem): void {
  const outcome = addToCart(item);
  if (outcome === "full") toast.refused(texts.trade.full);
  if (outcome === "alone") toast.done(texts.trade.added, texts.trade.alone(item.currency));
}
