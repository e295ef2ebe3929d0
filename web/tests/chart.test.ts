import { expect, it } from "vitest";

import { daily } from "../src/lib/chart.ts";

it("has a bar for each day, in its place, with heights between 0 and 1", () => {
  const sold = [
    { start: "2026-01-02T00:00:00Z", sales: 1, volume: "0.5", average: "0.5" },
    { start: "2026-01-04T00:00:00Z", sales: 2, volume: "2", average: "1" },
  ];
  const bars = daily(sold, "2026-01-01T12:00:00Z", 4);
  expect(bars.map((bar) => bar.sales)).toEqual([0, 1, 0, 2]);
  expect(bars.map((bar) => bar.height)).toEqual([0, 0.25, 0, 1]);
  expect(bars.map((bar) => bar.average)).toEqual([undefined, 0.5, undefined, 1]);
});

it("of no sales is flat", () => {
  expect(daily([], "2026-01-01T00:00:00Z", 2).every((bar) => bar.height === 0)).toBe(true);
});
