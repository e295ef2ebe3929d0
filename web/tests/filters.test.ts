import { describe, expect, it } from "vitest";

import { filterCount, filtersOf, tokensQueryOf, withTrait } from "../src/lib/filters.ts";

describe("filters in the address", () => {
  it("leave out what nobody understands", () => {
    const odd = {
      tab: "x",
      sort: 7,
      order: "asc",
      listed: "yes",
      min: "1e3",
      max: "-1",
      traits: ["no colon", 5],
      q: {},
    };
    expect(filtersOf(odd)).toEqual({});
  });

  it("stay what they were when they are read again", () => {
    const filters = filtersOf({
      sort: "price",
      order: "desc",
      listed: true,
      min: 1,
      max: "2.5",
      q: "sea",
      traits: ["Sky:Noon"],
    });
    expect(filtersOf({ ...filters })).toEqual(filters);
    expect(filters).toMatchObject({ min: "1", traits: ["Sky:Noon"] });
  });

  it("become the question to the API", () => {
    const query = tokensQueryOf({
      sort: "price",
      order: "desc",
      listed: true,
      min: "1",
      traits: ["Sky:Noon", "Sky:Dusk"],
    });
    expect(query).toEqual({
      sort: "price",
      order: "desc",
      listed: true,
      minPrice: "1",
      trait: ["Sky:Noon", "Sky:Dusk"],
    });
    expect(tokensQueryOf({})).toEqual({ sort: "number" });
  });

  it("gain and lose a trait, and count", () => {
    const one = withTrait({}, "Sky:Noon");
    expect(filterCount({ ...one, listed: true, min: "1", max: "2" })).toBe(3);
    expect(withTrait(one, "Sky:Noon").traits).toBeUndefined();
  });
});
