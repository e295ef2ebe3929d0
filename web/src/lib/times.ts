const RELATIVE = new Intl.RelativeTimeFormat("en", {
  numeric: "auto",
  style: "short",
});
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `3 hr. ago`, `in 2 days`. */
export function relative(time: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.trunc(seconds / size), unit);
  }
  return "just now";
}

export function exact(time: string): string {
  return new Date(time).toLocaleString("en", {
    dateStyle: "medium",
    timeStyle: "short",
  });
}

export function day(time: string): string {
  return new Date(time).toLocaleDateString("en", {
    month: "short",
    day: "numeric",
  });
}
