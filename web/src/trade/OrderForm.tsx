import { type FormEvent, type ReactNode, useState } from "react";
import { StatusTimeline } from "~/flows/StatusTimeline.tsx";
import { hasThousandsComma, toWei, typedAmount } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Field, Select } from "~/ui/Field.tsx";
import { Media } from "~/ui/Media.tsx";
import { Note } from "~/ui/states.tsx";
import type { Placing } from "./placing.ts";

const DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;

export interface Terms {
  price: string;
  endAt: string;
}

interface Props {
  /** Names what was typed, so that it survives a reload. */
  draft: string;
  name: string;
  image?: string;
  label: string;
  unit: string;
  submit: string;
  placing: Placing;
  hint: (price: string | undefined) => ReactNode;
  onSubmit: (terms: Terms) => void;
}

/** A price and a duration, and how far the order is. What was typed stays, whatever the wallet or the API says. */
export function OrderForm({ draft, name, image, label, unit, submit, placing, hint, onSubmit }: Props) {
  const [typed, setTyped] = useState(() => sessionStorage.getItem(draft) ?? "");
  const [days, setDays] = useState(7);
  const [wrong, setWrong] = useState(false);
  const price = typedAmount(typed);
  const valid = price !== undefined && (toWei(price) ?? 0n) > 0n;
  const wrongPrice = hasThousandsComma(typed) ? texts.trade.comma : texts.trade.badPrice;
  const busy = placing.phase !== "idle";

  function send(event: FormEvent): void {
    event.preventDefault();
    setWrong(!valid);
    if (valid)
      onSubmit({
        price,
        endAt: new Date(Date.now() + days * DAY_MS).toISOString(),
      });
  }

  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-5">
      <div className="flex items-center gap-4">
        <Media src={image} alt="" className="size-16 shrink-0 rounded-control" />
        <p className="font-display font-semibold text-lg">{name}</p>
      </div>
      <Field
        label={label}
        unit={unit}
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        disabled={busy}
        error={wrong && !valid ? wrongPrice : placing.priceError}
        hint={hint(valid ? price : undefined)}
        onChange={(event) => {
          setTyped(event.target.value);
          sessionStorage.setItem(draft, event.target.value);
        }}
      />
      <Select
        label={texts.trade.days}
        value={days}
        disabled={busy}
        onChange={(event) => setDays(Number(event.target.value))}
      >
        {DAYS.map((one) => (
          <option key={one} value={one}>
            {texts.trade.durations[one]}
          </option>
        ))}
      </Select>
      {placing.trouble !== undefined && (
        <Note kind="warn" title={placing.trouble.title}>
          {placing.trouble.advice}
        </Note>
      )}
      {busy && (
        <div role="status" className="flex flex-col gap-4 rounded-control bg-sunken px-4 py-3 text-sm">
          {texts.trade.phases[placing.phase]}
          {placing.step !== undefined && <StatusTimeline step={placing.step} />}
        </div>
      )}
      <Button type="submit" size="l" busy={busy}>
        {submit}
      </Button>
    </form>
  );
}
