// How many units of an order somebody takes, or gives, and what they come to.

import type { Schemas } from "~/api/client.ts";
import { prepare } from "~/flows/prepare.ts";
import { start } from "~/flows/run.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { useForm } from "~/forms/useForm.ts";
import { times, typedUnits } from "~/lib/amounts.ts";
import { type Fill, purchaseOf, saleOf } from "~/pages/token/trades.ts";
import { texts } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { Field } from "~/ui/Field.tsx";
import { Price } from "~/ui/values.tsx";
import { requireSession } from "~/wallet/wallet.ts";
import { wrongUnits } from "./OrderForm.tsx";

type Order = Schemas["ListedOrderView"];
const FRESH = { quantity: "1" };

interface Props {
  token: Schemas["TokenDetailBody"];
  order: Order;
  /** Units that whoever gives them has. */
  held?: bigint;
  onClose: () => void;
}

export default function FillDialog({ token, order, held, onClose }: Props) {
  const buys = order.side === "listing";
  const words = buys ? texts.trade.fill.buy : texts.trade.fill.sell;
  const most = held !== undefined && held < BigInt(order.fillable) ? held : BigInt(order.fillable);
  const form = useForm({
    draft: `fill.${order.orderHash}`,
    fresh: FRESH,
    check: ({ quantity }) => ({ quantity: wrongUnits(quantity, most) }),
    async submit({ quantity }) {
      await requireSession();
      const units = typedUnits(quantity) ?? 1n;
      await begin(buys ? purchaseOf(token, order, units) : saleOf(token, order, units));
      form.clear();
      onClose();
    },
  });
  const units = typedUnits(form.values.quantity);
  const total = units === undefined || units > most ? undefined : times(order.price.amount, units);
  return (
    <Dialog title={words.title(token.name ?? `#${token.tokenId}`)} onClose={onClose}>
      <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
        <p className="flex items-baseline justify-between gap-4">
          <span className="text-muted">{texts.trade.fill.each}</span>
          <Price amount={order.price.amount} currency={order.price.currency.symbol} />
        </p>
        <Field
          {...form.bind("quantity")}
          label={texts.trade.units}
          hint={texts.trade.fill.most(String(most))}
          inputMode="numeric"
        />
        <p className="flex items-baseline justify-between gap-4 border-line border-t pt-4" role="status">
          <span className="text-muted">{words.total}</span>
          <Price amount={total} currency={order.price.currency.symbol} className="font-semibold text-xl" />
        </p>
        <FormFailure failure={form.failure} />
        <Button type="submit" size="l" busy={form.busy}>
          {words.submit}
        </Button>
      </form>
    </Dialog>
  );
}

/** The dialog of the flow takes the place of this one as soon as the API has prepared it. */
async function begin(fill: Fill): Promise<void> {
  if (fill.kind === "purchase") void start({ ...fill, id: (await prepare(fill.kind, fill.body)).id });
  else void start({ ...fill, id: (await prepare(fill.kind, fill.body)).id });
}
