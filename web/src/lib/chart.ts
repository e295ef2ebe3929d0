// The bars of a chart: one for each day, also where nothing was sold. Pure.

export interface Sold {
  start: string;
  sales: number;
  volume: string;
  average?: string;
}

export interface Bar extends Omit<Sold, "average"> {
  /** 0 to 1, of the highest bar. */
  height: number;
  /** 0 to 1, of the highest average; left out where nothing was sold. */
  average?: number;
}

const DAY = 86_400_000;

/** `days` bars from the day of `since` on. Heights are for the eye only, so numbers are precise enough. */
export function daily(items: readonly Sold[], since: string, days: number): Bar[] {
  const first = Math.floor(Date.parse(since) / DAY);
  const byDay = new Map(items.map((one) => [Math.floor(Date.parse(one.start) / DAY), one]));
  const most = Math.max(...items.map((one) => Number(one.volume)), Number.MIN_VALUE);
  const dearest = Math.max(...items.map((one) => Number(one.average ?? 0)), Number.MIN_VALUE);
  return Array.from({ length: days }, (_, place) => {
    const sold = byDay.get(first + place);
    const start = new Date((first + place) * DAY).toISOString();
    if (sold === undefined) return { start, sales: 0, volume: "0", height: 0 };
    const average = sold.average === undefined ? undefined : Number(sold.average) / dearest;
    return {
      start,
      sales: sold.sales,
      volume: sold.volume,
      height: Number(sold.volume) / most,
      average,
    };
  });
}
