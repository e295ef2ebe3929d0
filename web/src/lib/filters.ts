// The filters of a collection's items, as they stand in the address of the page. Pure.

import type { TokensQuery } from "~/api/queries.ts";

export const SORTS = ["price", "rank", "number", "recent"] as const;
export const TABS = ["activity", "holders", "offers"] as const;
export type Sort = (typeof SORTS)[number];
export type TabName = (typeof TABS)[number];

/** What is left out is the default, so that the plain address is the plain page. */
export interface Filters {
  tab?: TabName;
  q?: string;
  sort?: Sort;
  order?: "desc";
  listed?: true;
  min?: string;
  max?: string;
  /** `name:value`. Values of one trait are alternatives, several traits must all hold. */
  traits?: string[];
}

const AMOUNT = /^[0-9]{1,60}(\.[0-9]{1,18})?$/;
const LONGEST = 100;
const MOST = 32;

/** The filters of an address. What is not understood is left out: somebody may have typed it. */
export function filtersOf(given: Record<string, unknown>): Filters {
  const found: Filters = {};
  if (isOneOf(given.tab, TABS)) found.tab = given.tab;
  if (isOneOf(given.sort, SORTS)) found.sort = given.sort;
  if (given.order === "desc") found.order = "desc";
  if (given.listed === true) found.listed = true;
  const q = text(given.q);
  if (q !== undefined) found.q = q.slice(0, LONGEST);
  const [min, max] = [text(given.min), text(given.max)];
  if (min !== undefined && AMOUNT.test(min)) found.min = min;
  if (max !== undefined && AMOUNT.test(max)) found.max = max;
  const traits = (Array.isArray(given.traits) ? given.traits : []).filter(isTrait).slice(0, MOST);
  if (traits.length > 0) found.traits = traits;
  return found;
}

/** The question to the API. */
export function tokensQueryOf(filters: Filters): TokensQuery {
  const query: TokensQuery = { sort: filters.sort ?? "number" };
  if (filters.order === "desc") query.order = filters.sort === "recent" ? "asc" : "desc";
  if (filters.q !== undefined) query.q = filters.q;
  if (filters.listed) query.listed = true;
  if (filters.min !== undefined) query.minPrice = filters.min;
  if (filters.max !== undefined) query.maxPrice = filters.max;
  if (filters.traits !== undefined) query.trait = filters.traits;
  return query;
}

export function withTrait(filters: Filters, trait: string): Filters {
  const traits = filters.traits ?? [];
  const next = traits.includes(trait) ? traits.filter((one) => one !== trait) : [...traits, trait];
  return { ...filters, traits: next.length > 0 ? next : undefined };
}

/** How many filters are set, for the button that shows them. */
export function filterCount(filters: Filters): number {
  const price = filters.min !== undefined || filters.max !== undefined;
  return (filters.traits?.length ?? 0) + Number(filters.listed ?? false) + Number(price);
}

export function traitOf(traitType: string, value: string | number): string {
  return `${traitType}:${value}`;
}

function text(value: unknown): string | undefined {
  // A number in the address is read as one.
  return typeof value === "string" ? value || undefined : typeof value === "number" ? String(value) : undefined;
}

function isTrait(value: unknown): value is string {
  return typeof value === "string" && value.includes(":") && value.length <= 701;
}

function isOneOf<T extends string>(value: unknown, of: readonly T[]): value is T {
  return of.some((one) => one === value);
}
