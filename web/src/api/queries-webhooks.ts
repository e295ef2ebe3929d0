// The webhooks of whoever is signed in, as query options.

import { infiniteQueryOptions } from "@tanstack/react-query";

import { api, got } from "./client.ts";

export function webhooksQuery(userId: string) {
  return infiniteQueryOptions({
    queryKey: ["own", userId, "webhooks"],
    queryFn: ({ signal, pageParam: cursor }) => got(api.GET("/v1/webhooks", { params: { query: { cursor } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function deliveriesQuery(userId: string, webhookId: string, dead: boolean) {
  const status = dead ? ("dead" as const) : undefined;
  return infiniteQueryOptions({
    queryKey: ["own", userId, "webhooks", webhookId, "deliveries", dead],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(
        api.GET("/v1/webhooks/{webhookId}/deliveries", {
          params: { path: { webhookId }, query: { cursor, status } },
          signal,
        }),
      ),
    refetchInterval: 5_000, // what is being sent ends by itself
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
