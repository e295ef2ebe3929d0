// urql: HTTP with its own uploads, and subscriptions over graphql-ws, the way its documentation has it.

import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";

import { headersOf, httpOf, socketOf, valuesOf } from "./wire.mjs";

export function connect(api, token) {
  const sockets = createClient({ url: socketOf(api), connectionParams: () => headersOf(token), retryAttempts: 0 });
  const forwardSubscription = ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ query: query ?? "", variables }, sink) }),
  });
  const client = new Client({
    url: httpOf(api),
    preferGetMethod: false,
    fetchOptions: () => ({ headers: { ...headersOf(token), "graphql-require-preflight": "1" } }),
    exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription })],
  });
  const got = ({ data, error }) => {
    if (error) throw error;
    return data;
  };
  return {
    run: async (query, variables) => got(await client.mutation(query, variables).toPromise()),
    async *watch(query, variables) {
      const subscribe = (sink) => client.subscription(query, variables).subscribe(sink.next).unsubscribe;
      for await (const result of valuesOf(subscribe)) yield got(result);
    },
    upload: async (query, files) => got(await client.mutation(query, { files }).toPromise()),
    close: () => sockets.dispose(),
  };
}
