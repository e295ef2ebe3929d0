// The reads of who is signed in, as query options. Their keys begin with `own`, so that a sign-out can drop them all.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, got, type Hex, type Schemas } from "./client.ts";
import { isMissing } from "./problems.ts";

const FIRST = { initialPageParam: undefined as string | undefined };
const next = (page: { nextCursor: string | null }): string | undefined => page.nextCursor ?? undefined;

export function meQuery(userId: string) {
  return queryOptions({
    queryKey: ["own", userId, "me"],
    queryFn: ({ signal }) => got(api.GET("/v1/me", { signal })),
  });
}

export function approvalsQuery(userId: string) {
  return infiniteQueryOptions({
    queryKey: ["own", userId, "approvals"],
    // A revocation is final by its receipt, and in this list a moment later, when its block is indexed.
    refetchInterval: 4_000,
    queryFn: ({ signal, pageParam: cursor }) =>
      got(api.GET("/v1/me/approvals", { params: { query: { cursor } }, signal })),
    ...FIRST,
    getNextPageParam: next,
  });
}

export function securityEventsQuery(userId: string) {
  return infiniteQueryOptions({
    queryKey: ["own", userId, "security-events"],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(api.GET("/v1/me/security-events", { params: { query: { cursor } }, signal })),
    ...FIRST,
    getNextPageParam: next,
  });
}

export function sessionsQuery(userId: string) {
  return infiniteQueryOptions({
    queryKey: ["own", userId, "sessions"],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(api.GET("/v1/auth/sessions", { params: { query: { cursor } }, signal })),
    ...FIRST,
    getNextPageParam: next,
  });
}

export function blocksQuery(userId: string) {
  return infiniteQueryOptions({
    queryKey: ["own", userId, "blocks"],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(api.GET("/v1/me/blocks", { params: { query: { cursor } }, signal })),
    ...FIRST,
    getNextPageParam: next,
  });
}

/** The newest export of what is held of the user; null if they have asked for none. */
export function exportQuery(userId: string) {
  return queryOptions({
    queryKey: ["own", userId, "export"],
    queryFn: async ({ signal }): Promise<Schemas["ExportBody"] | null> => {
      try {
        return await got(api.GET("/v1/me/export", { signal }));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    refetchInterval: ({ state }) => (state.data?.status === "preparing" ? 1_000 : false),
  });
}

export function heldTokensQuery(address: Hex) {
  return infiniteQueryOptions({
    queryKey: ["account", address, "tokens"],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(
        api.GET("/v1/accounts/{address}/tokens", {
          params: { path: { address }, query: { cursor, limit: 24 } },
          signal,
        }),
      ),
    ...FIRST,
    getNextPageParam: next,
  });
}

export function accountActivityQuery(address: Hex) {
  return infiniteQueryOptions({
    queryKey: ["account", address, "activity"],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(api.GET("/v1/accounts/{address}/activity", { params: { path: { address }, query: { cursor } }, signal })),
    ...FIRST,
    getNextPageParam: next,
  });
}

export function offersReceivedQuery(address: Hex) {
  return infiniteQueryOptions({
    queryKey: ["account", address, "offers-received"],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(
        api.GET("/v1/accounts/{address}/offers-received", { params: { path: { address }, query: { cursor } }, signal }),
      ),
    ...FIRST,
    getNextPageParam: next,
  });
}

/** What the account has signed and can still be filled, or could be again. */
export function ordersOfQuery(address: Hex) {
  return infiniteQueryOptions({
    queryKey: ["account", address, "orders"],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(api.GET("/v1/accounts/{address}/orders", { params: { path: { address }, query: { cursor } }, signal })),
    ...FIRST,
    getNextPageParam: next,
  });
}

/** `viewer`: whoever asks, since a profile shows them what stands between the two. */
export function userQuery(username: string, viewer: string | undefined) {
  return queryOptions({
    queryKey: ["user", username, viewer],
    queryFn: ({ signal }) => got(api.GET("/v1/users/{username}", { params: { path: { username } }, signal })),
  });
}

export function followersQuery(username: string, which: "followers" | "following") {
  return infiniteQueryOptions({
    queryKey: ["user", username, which],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(api.GET(`/v1/users/{username}/${which}`, { params: { path: { username }, query: { cursor } }, signal })),
    ...FIRST,
    getNextPageParam: next,
  });
}

export function fungiblesOfQuery(creator: Hex) {
  return infiniteQueryOptions({
    queryKey: ["fungibles", creator],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(api.GET("/v1/tokens-fungible", { params: { query: { creator, cursor } }, signal })),
    ...FIRST,
    getNextPageParam: next,
  });
}
