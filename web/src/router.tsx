// The pages by their addresses. Each page is a chunk of its own; what it shows first is asked for beside it.
//
// `api/storefront/addresses.py` has the same addresses: what the API answers them with depends on it.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";

import {
  chainsQuery,
  collectionQuery,
  collectionsQuery,
  statsQuery,
  tokenOrdersQuery,
  tokenQuery,
  tokensQuery,
} from "./api/queries.ts";
import { PageError, PageNotFound } from "./layout/failures.tsx";
import { Layout } from "./layout/Layout.tsx";
import { filtersOf, tokensQueryOf } from "./lib/filters.ts";
import { tabOf as accountTabOf } from "./pages/account/tabs.ts";
import { tabOf as settingsTabOf } from "./pages/settings/tabs.ts";
import { queryClient } from "./query-client.ts";

const root = createRootRoute({
  component: Layout,
  notFoundComponent: () => <PageNotFound />,
  loader: () => void queryClient.prefetchQuery(chainsQuery),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/home/page.tsx")),
  loader: () => {
    void queryClient.prefetchQuery(collectionsQuery({ sort: "volume", limit: 12 }));
    void queryClient.prefetchQuery(collectionsQuery({ sort: "newest", limit: 8 }));
  },
});

const search = createRoute({
  getParentRoute: () => root,
  path: "/search",
  validateSearch: (given: Record<string, unknown>) => ({
    q: typeof given.q === "string" ? given.q.slice(0, 100) : "",
  }),
  component: lazyRouteComponent(() => import("./pages/search/page.tsx")),
});

const collection = createRoute({
  getParentRoute: () => root,
  path: "/collections/$chainId/$contract",
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import("./pages/collection/page.tsx")),
  loaderDeps: ({ search: filters }) => filters,
  loader: ({ params, deps }) => {
    void queryClient.prefetchQuery(collectionQuery(params));
    void queryClient.prefetchQuery(statsQuery(params));
    if (deps.tab === undefined) void queryClient.prefetchInfiniteQuery(tokensQuery(params, tokensQueryOf(deps)));
  },
});

const token = createRoute({
  getParentRoute: () => root,
  path: "/collections/$chainId/$contract/$tokenId",
  component: lazyRouteComponent(() => import("./pages/token/page.tsx")),
  loader: ({ params, cause }) => {
    void queryClient.prefetchQuery(tokenQuery(params));
    void queryClient.prefetchQuery(collectionQuery(params));
    if (cause === "preload") return; // a pointer passes over many tokens: their orders are asked for when one is opened
    void queryClient.prefetchInfiniteQuery(tokenOrdersQuery(params, "listing"));
    void queryClient.prefetchInfiniteQuery(tokenOrdersQuery(params, "offer"));
  },
});

const create = createRoute({
  getParentRoute: () => root,
  path: "/create",
  component: lazyRouteComponent(() => import("./pages/create/page.tsx")),
});

const mint = createRoute({
  getParentRoute: () => root,
  path: "/mint/$chainId/$contract",
  component: lazyRouteComponent(() => import("./pages/mint/page.tsx")),
});

const launch = createRoute({
  getParentRoute: () => root,
  path: "/launch",
  component: lazyRouteComponent(() => import("./pages/launch/page.tsx")),
});

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  validateSearch: accountTabOf,
  component: lazyRouteComponent(() => import("./pages/account/page.tsx")),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: settingsTabOf,
  component: lazyRouteComponent(() => import("./pages/settings/page.tsx")),
});

const user = createRoute({
  getParentRoute: () => root,
  path: "/users/$username",
  component: lazyRouteComponent(() => import("./pages/user/page.tsx")),
});

const people = [create, mint, launch, account, settings, user];

export const routeTree = root.addChildren([home, search, collection, token, ...people]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  pathParamsAllowedCharacters: [":"],
  defaultErrorComponent: ({ error, reset }) => <PageError error={error} onRetry={reset} />,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
