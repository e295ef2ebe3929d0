// A price, how many and for how long, and how far the order is. What was typed stays, whatever the wallet or the API says.

import type { ReactNode } from "react";

import { currentStep } from "~/flows/flow.ts";
import { useOwnFlows } from "~/flows/run.ts";
import { StatusTimeline } from "~/flows/StatusTimeline.tsx";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { useForm, type Wrong } from "~/forms/useForm.ts";
import { hasThousandsComma, shortAmount, times, toWei, typedAmount, typedUnits } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Field, Select } from "~/ui/Field.tsx";
import { Media, THUMB } from "~/ui/Media.tsx";
import { Note } from "~/ui/states.tsx";
import type { Placing } from "./placing.ts";

const DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;
const FRESH = { price: "", quantity: "1", days: "7" };
const NAMED = { endAt: "days" };

export interface Terms {
  /** Of one unit. */
  price: string;
  quantity: string;
  endAt: string;
}

export interface Units {
  /** No more than these can be asked for. */
  most?: bigint;
  label: string;
  hint: string;
}

interface Props {
  /** Names what was typed, so that it survives a reload. */
  draft: string;
  name: string;
  image?: string;
  label: string;
  unit: string;
  submit: string;
  /** Left out where there is one unit only. */
  units?: Units;
  placing: Placing;
  /** About the price of one unit, and how many of them there are. */
  hint: (price: string | undefined, count: bigint) => ReactNode;
  /** Whether the order stands. What it throws is shown. */
  onSubmit: (terms: Terms) => Promise<boolean>;
}

export function OrderForm({ draft, name, image, label, unit, submit, units, placing, hint, onSubmit }: Props) {
  const form = useForm({
    draft,
    fresh: FRESH,
    named: NAMED,
    check: (values) => wrongIn(values, units),
    async submit({ price, quantity, days }) {
      const stands = await onSubmit({
        price: typedAmount(price) ?? "",
        quantity: units === undefined ? "1" : String(typedUnits(quantity) ?? 1n),
        endAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
      });
      if (stands) form.clear();
    },
  });
  const approval = useOwnFlows().find((flow) => flow.id === placing.flowId);
  const step = placing.phase === "approving" && approval !== undefined ? currentStep(approval) : undefined;
  const price = typedAmount(form.values.price);
  const count = units === undefined ? undefined : typedUnits(form.values.quantity);
  const total = price === undefined || count === undefined || count === 1n ? undefined : times(price, count);

  return (
    <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-5">
      <div className="flex items-center gap-4">
        <Media src={image} sizes={THUMB} alt="" className="size-16 shrink-0 rounded-control" />
        <p className="font-display font-semibold text-lg">{name}</p>
      </div>
      {units !== undefined && (
        <Field
          {...form.bind("quantity")}
          label={units.label}
          hint={units.hint}
          inputMode="numeric"
          disabled={form.busy}
        />
      )}
      <Field
        {...form.bind("price")}
        label={label}
        unit={unit}
        inputMode="decimal"
        disabled={form.busy}
        hint={hint(
          (wrongIn(form.values, units).price ?? wrongIn(form.values, units).quantity) ? undefined : price,
          count ?? 1n,
        )}
      />
      {total !== undefined && (
        <p className="figures text-sm" role="status">
          {texts.trade.together(`${shortAmount(total)} ${unit}`)}
        </p>
      )}
      <Select {...form.bind("days")} label={texts.trade.days} disabled={form.busy}>
        {DAYS.map((one) => (
          <option key={one} value={one}>
            {texts.trade.durations[one]}
          </option>
        ))}
      </Select>
      <FormFailure failure={form.failure} />
      {placing.trouble !== undefined && (
        <Note kind="warn" title={placing.trouble.title}>
          {placing.trouble.advice}
        </Note>
      )}
      {placing.phase !== "idle" && (
        <div role="status" className="flex flex-col gap-4 rounded-control bg-sunken px-4 py-3 text-sm">
          {texts.trade.phases[placing.phase]}
          {step !== undefined && <StatusTimeline step={step} />}
        </div>
      )}
      <Button type="submit" size="l" busy={form.busy}>
        {submit}
      </Button>
    </form>
  );
}

export function wrongIn({ price, quantity }: typeof FRESH, units: Units | undefined): Wrong {
  return { quantity: units && wrongUnits(quantity, units.most), price: wrongPrice(price) };
}

/** The sentence about a number of units; undefined if nothing is wrong. */
export function wrongUnits(text: string, most: bigint | undefined): string | undefined {
  const count = typedUnits(text);
  if (count === undefined) return texts.trade.badUnits;
  return most !== undefined && count > most ? texts.trade.mostUnits(String(most)) : undefined;
}

function wrongPrice(text: string): string | undefined {
  const price = typedAmount(text);
  if (price !== undefined && (toWei(price) ?? 0n) > 0n) return undefined;
  return hasThousandsComma(text) ? texts.trade.comma : texts.trade.badPrice;
}
