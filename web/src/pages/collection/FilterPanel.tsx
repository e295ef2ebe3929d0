import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useId, useState } from "react";

import type { Schemas } from "~/api/client.ts";
import { type CollectionAt, traitsQuery } from "~/api/queries.ts";
import { hasThousandsComma, shortCount, toWei, typedAmount } from "~/lib/amounts.ts";
import { type Filters, traitOf, withTrait } from "~/lib/filters.ts";
import { texts } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { ChevronIcon } from "~/ui/icons.tsx";
import { Loading, Skeleton } from "~/ui/states.tsx";

interface Props {
  at: CollectionAt;
  filters: Filters;
  onChange: (next: Filters) => void;
}

/** What items can be filtered by: whether they are for sale, their price, their traits. */
export function FilterPanel({ at, filters, onChange }: Props) {
  const { data: traits } = useQuery(traitsQuery(at));
  // Numbers and dates have as many values as items; a list of them helps nobody.
  const groups = Map.groupBy(traits?.filter((one) => one.valueType === "string") ?? [], (one) => one.traitType);
  return (
    <div className="flex flex-col gap-6">
      <label className="flex h-10 cursor-pointer items-center justify-between gap-3 font-medium">
        {texts.collection.onlyListed}
        <input
          type="checkbox"
          checked={filters.listed ?? false}
          onChange={(event) => onChange({ ...filters, listed: event.target.checked || undefined })}
          className="size-5 accent-accent"
        />
      </label>
      <PriceRange key={`${filters.min}-${filters.max}`} filters={filters} onChange={onChange} />
      {traits === undefined && (
        <Loading>
          {[1, 2, 3, 4].map((one) => (
            <Skeleton key={one} className="mb-2 h-12" />
          ))}
        </Loading>
      )}
      {groups.size > 0 && (
        <div className="flex flex-col">
          {[...groups].map(([name, values]) => (
            <TraitGroup key={name} name={name} values={values} filters={filters} onChange={onChange} />
          ))}
        </div>
      )}
    </div>
  );
}

function PriceRange({ filters, onChange }: Omit<Props, "at">) {
  const id = useId();
  const [min, setMin] = useState(filters.min ?? "");
  const [max, setMax] = useState(filters.max ?? "");
  const [wrong, setWrong] = useState<Ends>({});

  function apply(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const found = wrongEnds(min, max);
    setWrong(found);
    if (found.words === undefined) onChange({ ...filters, min: typedAmount(min), max: typedAmount(max) });
    else event.currentTarget.querySelector<HTMLElement>(`[name=${found.min ? "min" : "max"}]`)?.focus();
  }

  const field = (name: "min" | "max", label: string, value: string, set: (text: string) => void) => (
    <input
      name={name}
      aria-label={label}
      aria-invalid={wrong[name] || undefined}
      aria-describedby={wrong[name] ? id : undefined}
      placeholder={label}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      onChange={(event) => set(event.target.value)}
      className="h-10 w-full min-w-0 rounded-control border border-line bg-surface px-3 text-[15px] placeholder:text-muted aria-invalid:border-danger"
    />
  );
  return (
    <form noValidate onSubmit={apply}>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 font-medium">{texts.collection.price}</legend>
        <div className="flex items-center gap-2">
          {field("min", texts.collection.from, min, setMin)}
          {field("max", texts.collection.to, max, setMax)}
          <Button type="submit" variant="secondary">
            {texts.collection.apply}
          </Button>
        </div>
        <p id={id} role="alert" className="text-danger text-sm empty:hidden">
          {wrong.words}
        </p>
      </fieldset>
    </form>
  );
}

interface Ends {
  min?: boolean;
  max?: boolean;
  words?: string;
}

/** Which end of a range of prices is wrong. An end that is left empty is open. */
function wrongEnds(min: string, max: string): Ends {
  const bad = (text: string): boolean => text.trim() !== "" && typedAmount(text) === undefined;
  const words = [min, max].some(hasThousandsComma) ? texts.trade.comma : texts.collection.badAmount;
  if (bad(min) || bad(max)) return { min: bad(min), max: bad(max), words };
  const [low, high] = [toWei(typedAmount(min) ?? "0"), toWei(typedAmount(max) ?? "")];
  return low !== undefined && high !== undefined && high < low ? { max: true, words: texts.collection.badRange } : {};
}

function TraitGroup({
  name,
  values,
  filters,
  onChange,
}: Omit<Props, "at"> & { name: string; values: Schemas["TraitBody"][] }) {
  const chosen = values.filter((one) => filters.traits?.includes(traitOf(name, one.value))).length;
  return (
    <details open={chosen > 0} className="group border-line border-t last:border-b">
      <summary className="flex h-12 list-none items-center justify-between gap-3 font-medium [&::-webkit-details-marker]:hidden">
        <span className="truncate">{name}</span>
        <span className="flex items-center gap-2 text-muted">
          <span className="figures text-sm">{chosen > 0 ? texts.common.of(chosen, values.length) : values.length}</span>
          <ChevronIcon className="size-4 transition-transform group-open:rotate-180" />
        </span>
      </summary>
      <div className="flex max-h-72 flex-col overflow-y-auto pb-3">
        {values.map((one) => {
          const trait = traitOf(name, one.value);
          return (
            <label
              key={trait}
              className="flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-1 text-[15px] hover:bg-sunken"
            >
              <input
                type="checkbox"
                checked={filters.traits?.includes(trait) ?? false}
                onChange={() => onChange(withTrait(filters, trait))}
                className="size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0 flex-1 truncate">{one.value}</span>
              <span className="figures text-muted text-sm">{shortCount(one.occurrences)}</span>
            </label>
          );
        })}
      </div>
    </details>
  );
}
