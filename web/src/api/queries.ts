// The reads of the public pages, as query options. A page names the options, so that its loader and its components
// share one answer.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, got, type Hex, type Paths } from "./client.ts";

export interface CollectionAt {
  chainId: string;
  /** An address, or the collection's slug. */
  contract: string;
}

export interface TokenAt extends CollectionAt {
  tokenId: string;
}

type QueryOf<P extends keyof Paths> = Paths[P] extends {
  get: { parameters: { query?: infer Q } };
}
  ? NonNullable<Q>
  : never;
export type CollectionsQuery = QueryOf<"/v1/collections">;
export type TokensQuery = QueryOf<"/v1/collections/{chainId}/{contract}/tokens">;
export type ActivityQuery = QueryOf<"/v1/collections/{chainId}/{contract}/activity">;
type Interval = NonNullable<QueryOf<"/v1/collections/{chainId}/{contract}/chart">["interval"]>;

const MINUTE = 60_000;

export const chainsQuery = queryOptions({
  queryKey: ["chains"],
  queryFn: ({ signal }) => got(api.GET("/v1/chains", { params: { query: { limit: 100 } }, signal })),
  staleTime: 10 * MINUTE,
});

export function collectionsQuery(query: CollectionsQuery) {
  return queryOptions({
    queryKey: ["collections", query],
    queryFn: ({ signal }) => got(api.GET("/v1/collections", { params: { query }, signal })),
  });
}

export function collectionQuery(path: CollectionAt) {
  return queryOptions({
    queryKey: ["collection", path.chainId, path.contract],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}", {
          params: { path },
          signal,
        }),
      ),
  });
}

export function statsQuery(path: CollectionAt) {
  return queryOptions({
    queryKey: ["collection", path.chainId, path.contract, "stats"],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/stats", {
          params: { path },
          signal,
        }),
      ),
  });
}

/** Whether the allowlist has an account; asked again by whoever signs in with another one. */
export function eligibilityQuery(path: CollectionAt, address: Hex | undefined) {
  return queryOptions({
    queryKey: ["collection", path.chainId, path.contract, "eligibility", address],
    enabled: address !== undefined,
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/eligibility/{address}", {
          params: { path: { ...path, address: address as Hex } },
          signal,
        }),
      ),
  });
}

export function floorQuery(path: CollectionAt) {
  return queryOptions({
    queryKey: ["collection", path.chainId, path.contract, "floor"],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/floor", {
          params: { path },
          signal,
        }),
      ),
  });
}

/** All values of all traits; collections have at most a few hundred. */
export function traitsQuery(path: CollectionAt) {
  return queryOptions({
    queryKey: ["collection", path.chainId, path.contract, "traits"],
    queryFn: async ({ signal }) => {
      const items = [];
      let cursor: string | undefined;
      do {
        const page = await got(
          api.GET("/v1/collections/{chainId}/{contract}/traits", {
            params: { path, query: { limit: 100, cursor } },
            signal,
          }),
        );
        items.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && items.length < 1_000);
      return items;
    },
    staleTime: MINUTE,
  });
}

export function tokensQuery(path: CollectionAt, query: TokensQuery) {
  return infiniteQueryOptions({
    queryKey: ["collection", path.chainId, path.contract, "tokens", query],
    queryFn: ({ signal, pageParam }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/tokens", {
          params: { path, query: { limit: 24, ...query, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function activityQuery(path: CollectionAt, query: ActivityQuery = {}) {
  return infiniteQueryOptions({
    queryKey: ["collection", path.chainId, path.contract, "activity", query],
    queryFn: ({ signal, pageParam }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/activity", {
          params: { path, query: { ...query, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function ownersQuery(path: CollectionAt) {
  return infiniteQueryOptions({
    queryKey: ["collection", path.chainId, path.contract, "owners"],
    queryFn: ({ signal, pageParam }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/owners", {
          params: { path, query: { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function depthQuery(path: CollectionAt) {
  return infiniteQueryOptions({
    queryKey: ["collection", path.chainId, path.contract, "offers"],
    queryFn: ({ signal, pageParam }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/offers", {
          params: { path, query: { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function chartQuery(path: CollectionAt, interval: Interval, since: string) {
  return queryOptions({
    queryKey: ["collection", path.chainId, path.contract, "chart", interval, since],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/chart", {
          params: { path, query: { interval, since } },
          signal,
        }),
      ),
    staleTime: MINUTE,
  });
}

export function tokenQuery(path: TokenAt) {
  return queryOptions({
    queryKey: ["token", path.chainId, path.contract, path.tokenId],
    queryFn: ({ signal }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/tokens/{tokenId}", {
          params: { path },
          signal,
        }),
      ),
  });
}

export function tokenOrdersQuery(path: TokenAt, side: "listing" | "offer") {
  return infiniteQueryOptions({
    queryKey: ["token", path.chainId, path.contract, path.tokenId, "orders", side],
    queryFn: ({ signal, pageParam }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/tokens/{tokenId}/orders", {
          params: { path, query: { limit: 50, side, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function tokenActivityQuery(path: TokenAt) {
  return infiniteQueryOptions({
    queryKey: ["token", path.chainId, path.contract, path.tokenId, "activity"],
    queryFn: ({ signal, pageParam }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/tokens/{tokenId}/activity", {
          params: { path, query: { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function searchQuery(q: string, limit = 8) {
  return queryOptions({
    queryKey: ["search", q, limit],
    queryFn: ({ signal }) => got(api.GET("/v1/search", { params: { query: { q, limit } }, signal })),
    staleTime: MINUTE,
  });
}
