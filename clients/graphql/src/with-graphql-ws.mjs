// Everything over one WebSocket, by graphql-ws.

import { createClient } from "graphql-ws";

import { dataOf, headersOf, socketOf, uploaded } from "./wire.mjs";

export function connect(api, token) {
  const client = createClient({ url: socketOf(api), connectionParams: () => headersOf(token), retryAttempts: 0 });
  return {
    async run(query, variables) {
      for await (const result of client.iterate({ query, variables })) return dataOf(result);
    },
    async *watch(query, variables) {
      for await (const result of client.iterate({ query, variables })) yield dataOf(result);
    },
    upload: (query, files) => uploaded(api, token, query, files),
    close: () => client.dispose(),
  };
}
