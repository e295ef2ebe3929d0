import { useQuery } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";

import type { Schemas } from "~/api/client.ts";
import { type CollectionAt, chartQuery } from "~/api/queries.ts";
import { useNativeSymbol } from "~/api/useNativeSymbol.ts";
import { shortAmount, sum } from "~/lib/amounts.ts";
import { type Bar, daily } from "~/lib/chart.ts";
import { classes } from "~/lib/classes.ts";
import { day } from "~/lib/times.ts";
import { texts } from "~/texts.ts";
import { Card } from "~/ui/Card.tsx";
import { ErrorState, Skeleton } from "~/ui/states.tsx";

const RANGES = ["7", "30", "90"] as const;
type Range = (typeof RANGES)[number];
const WIDTH = 720;
const HEIGHT = 180;
const DAY = 86_400_000;

/** Volume by day as bars, the average price as a line. Each bar says its day to who points at it, and to a reader. */
export function SalesChart({ at }: { at: CollectionAt }) {
  const [range, setRange] = useState<Range>("30");
  const days = Number(range);
  const since = useMemo(() => new Date(Math.floor(Date.now() / DAY) * DAY - (days - 1) * DAY).toISOString(), [days]);
  const { data, error, refetch } = useQuery(chartQuery(at, "1d", since));
  const name = useId();
  return (
    <Card
      title={texts.collection.chart}
      aside={
        <fieldset className="flex rounded-control bg-sunken p-1">
          <legend className="sr-only">{texts.collection.range}</legend>
          {RANGES.map((one) => (
            <label
              key={one}
              className={classes(
                "cursor-pointer rounded-md px-3 py-1 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent",
                one === range ? "bg-surface font-medium shadow-sm" : "text-muted",
              )}
            >
              <input
                type="radio"
                name={name}
                checked={one === range}
                onChange={() => setRange(one)}
                className="sr-only"
              />
              {texts.collection.ranges[one]}
            </label>
          ))}
        </fieldset>
      }
    >
      <div className="min-h-[268px] p-5">
        {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <Skeleton className="h-[228px]" />}
        {data !== undefined && <Bars chainId={at.chainId} items={data.items} bars={daily(data.items, since, days)} />}
      </div>
    </Card>
  );
}

interface BarsProps {
  chainId: string;
  items: readonly Schemas["BarView"][];
  bars: readonly Bar[];
}

function Bars({ chainId, items, bars }: BarsProps) {
  const symbol = useNativeSymbol(chainId);
  const [shown, setShown] = useState<number | null>(null);
  const sales = items.reduce((total, one) => total + one.sales, 0);
  const volume = `${shortAmount(sum(items.map((one) => one.volume)) ?? "0")} ${symbol}`;
  if (sales === 0) {
    return (
      <div className="grid h-[228px] place-content-center text-center">
        <p className="font-display font-semibold text-lg">{texts.collection.noSales}</p>
        <p className="text-muted">{texts.collection.noSalesHint}</p>
      </div>
    );
  }
  const step = WIDTH / bars.length;
  const line = bars
    .flatMap((bar, place) =>
      bar.average === undefined ? [] : [`${(place + 0.5) * step},${HEIGHT - bar.average * (HEIGHT - 8)}`],
    )
    .join(" ");
  const pointed = shown === null ? undefined : bars[shown];
  const wordsOf = (bar: Bar): string =>
    texts.collection.chartDay(day(bar.start), bar.sales, `${shortAmount(bar.volume)} ${symbol}`);
  return (
    <figure>
      <figcaption className="mb-3 text-muted text-sm" aria-live="off">
        {pointed === undefined ? texts.collection.chartHint(sales, volume) : wordsOf(pointed)}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-[180px] w-full overflow-visible"
        role="img"
        aria-label={`${texts.collection.chart}: ${texts.collection.chartHint(sales, volume)}`}
        onPointerLeave={() => setShown(null)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setShown(Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
        }}
      >
        {bars.map((bar, place) => (
          <rect
            key={bar.start}
            x={place * step + step * 0.15}
            width={step * 0.7}
            y={HEIGHT - Math.max(bar.height * (HEIGHT - 8), bar.sales > 0 ? 3 : 1)}
            height={Math.max(bar.height * (HEIGHT - 8), bar.sales > 0 ? 3 : 1)}
            className={classes(
              bar.sales === 0 ? "fill-line" : shown === place ? "fill-accent-strong" : "fill-accent opacity-80",
            )}
          />
        ))}
        <polyline points={line} fill="none" className="stroke-warn" strokeWidth="2" vectorEffect="non-scaling-stroke" />
      </svg>
      <div className="mt-2 flex justify-between text-muted text-xs">
        <span>{day(bars[0]?.start ?? "")}</span>
        <span className="inline-flex items-center gap-1.5">
          <span className="h-0.5 w-4 bg-warn" aria-hidden="true" /> {texts.collection.average}
        </span>
        <span>{day(bars.at(-1)?.start ?? "")}</span>
      </div>
    </figure>
  );
}
