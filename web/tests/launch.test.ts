import { expect, it } from "vitest";

import { check, FRESH, factsOf, requestOf } from "../src/pages/launch/draft.ts";
import { texts as common } from "../src/texts/forms.ts";
import { texts } from "../src/texts/launch.ts";

const DRAFT = { ...FRESH, name: "Harbour", symbol: "HRBR" };

it("never takes a comma between thousands for a decimal point", () => {
  expect(check({ ...DRAFT, supply: "100,000" }).supply).toBe(common.comma);
  expect(check({ ...DRAFT, supply: "1", mintOnce: false, cap: "1, 000" }).cap).toBe(common.comma);
  expect(check({ ...DRAFT, supply: "100 000" }).supply).toBeUndefined();
});

it("shows the exact supply and cap that will be signed", () => {
  const draft = { ...DRAFT, supply: "100000", mintOnce: false, cap: "250000.5", decimals: "6" };
  expect(factsOf(requestOf(draft, "eip155:1"))).toEqual({
    [texts.supply]: "100,000 HRBR",
    [texts.cap]: "250,000.5 HRBR",
  });
});
