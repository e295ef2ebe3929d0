import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { isOpen, ordersIn } from "~/flows/flow.ts";
import { start, useOwnFlows } from "~/flows/run.ts";
import { sum, typedUnits } from "~/lib/amounts.ts";
import { type CartItem, cart, chooseUnits, removeFromCart, unitsIn } from "~/lib/cart.ts";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { Button, IconButton } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { CloseIcon } from "~/ui/icons.tsx";
import { Media, THUMB } from "~/ui/Media.tsx";
import { Empty, Note } from "~/ui/states.tsx";
import { toast } from "~/ui/toast.ts";
import { Price } from "~/ui/values.tsx";
import { walletErrorOf } from "~/wallet/provider.ts";
import { quantityOf } from "./units.ts";

/** What is in the cart, and the one transaction that buys it. */
export default function CartSheet({ onClose }: { onClose: () => void }) {
  const items = useStore(cart);
  return (
    <Dialog title={texts.trade.cart} onClose={onClose} sheet>
      {items.length === 0 ? (
        <Empty title={texts.trade.empty}>{texts.trade.emptyHint}</Empty>
      ) : (
        <Filled items={items} onClose={onClose} />
      )}
    </Dialog>
  );
}

/** How many units of an item are bought, where that may be chosen. */
function Units({ item }: { item: CartItem }) {
  const { orderHash, name, units, choice } = item;
  const [typed, setTyped] = useState<string>();
  if (choice === undefined) return null;
  const count = BigInt(units);
  const take = (): void => {
    const chosen = typedUnits(typed ?? "");
    if (chosen !== undefined) chooseUnits(orderHash, chosen);
    setTyped(undefined);
  };
  // Not `disabled`, which would take the focus from whoever has reached the end by the keyboard. A press at the end
  // changes nothing, since `chooseUnits` keeps to what the order has left.
  const step = (by: bigint, label: string, sign: string, enabled: boolean) => (
    <button
      type="button"
      aria-label={label}
      aria-disabled={!enabled}
      onClick={() => chooseUnits(orderHash, count + by)}
      className="grid size-7 place-items-center rounded-control border border-control hover:bg-sunken aria-disabled:opacity-40"
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
  return (
    <span className="mt-1.5 flex items-center gap-1.5 text-sm">
      {step(-1n, texts.trade.fewer(name), "−", count > 1n)}
      <input
        aria-label={texts.trade.unitsOf(name)}
        inputMode="numeric"
        autoComplete="off"
        value={typed ?? units}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        // Escape closes the cart, and no blur follows.
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === "Escape") take();
        }}
        className="figures h-7 w-12 rounded-control border border-control bg-surface text-center"
      />
      {step(1n, texts.trade.more(name), "+", count < BigInt(choice.most))}
      <span className="whitespace-nowrap text-muted">{texts.trade.left(choice.most)}</span>
    </span>
  );
}

function Filled({ items, onClose }: { items: readonly CartItem[]; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  // A second purchase of the same orders would fail, and cost the network's fee.
  const underway = useOwnFlows().filter(isOpen).flatMap(ordersIn);
  const bought = items.some((one) => underway.includes(one.orderHash));
  const total = sum(items.map((one) => one.price)) ?? "0";
  const currency = items[0]?.currency;
  const words = texts.trade.buyAll(items.length, unitsIn(items));

  async function buy(): Promise<void> {
    const chainId = items[0]?.chainId;
    if (chainId === undefined) return;
    setBusy(true);
    try {
      const body = {
        chainId,
        items: items.map(({ orderHash, units }) => ({ orderHash, ...quantityOf(BigInt(units)) })),
        maxTotal: total,
      };
      const image = items[0]?.imageUrl;
      const running = start({
        kind: "purchase",
        chainId,
        body,
        title: words,
        image,
        href: "/account",
      });
      onClose();
      await running;
    } catch (error) {
      if (walletErrorOf(error)?.failure !== "rejected") toast.error(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="flex min-h-full flex-col">
      <ul className="flex flex-1 flex-col gap-1">
        {items.map((one) => (
          <li key={one.orderHash} className="flex items-center gap-3 py-2">
            <Media src={one.imageUrl} sizes={THUMB} alt="" className="size-14 shrink-0 rounded-control" />
            <span className="min-w-0 flex-1">
              <Link
                to="/collections/$chainId/$contract/$tokenId"
                params={{
                  chainId: one.chainId,
                  contract: one.contract,
                  tokenId: one.tokenId,
                }}
                onClick={onClose}
                className="block truncate font-medium hover:text-accent"
              >
                {one.name}
              </Link>
              <span className="block truncate text-muted text-sm">{one.collection}</span>
              <Units item={one} />
            </span>
            <Price amount={one.price} currency={one.currency} className="font-semibold" />
            <IconButton label={texts.trade.remove(one.name)} onClick={() => removeFromCart(one.orderHash)}>
              <CloseIcon className="size-4" />
            </IconButton>
          </li>
        ))}
      </ul>
      <div className="sticky bottom-0 mt-4 flex flex-col gap-3 border-line border-t bg-surface pt-4">
        <p role="status" className="flex items-baseline justify-between">
          <span className="text-muted">{texts.trade.total}</span>
          <Price amount={total} currency={currency} className="font-display font-semibold text-2xl" />
        </p>
        <p className="text-muted text-sm">{texts.trade.oneTransaction}</p>
        {bought && <Note>{texts.trade.underway}</Note>}
        <Button size="l" busy={busy} disabled={bought} onClick={() => void buy()}>
          {words}
        </Button>
        <Button variant="ghost" onClick={() => cart.set([])}>
          {texts.trade.clear}
        </Button>
      </div>
    </div>
  );
}
