// Everything over one WebSocket, by graphql-ws.

import { createClient } from "graphql-ws";

import { dataOf, headersOf, socketOf, uploaded } from "./wire.mjs";

export function connect(api, token) {
  // It would open a socket for each operation. Node reports one that it closes itself as broken, now and then, where
  // the server's answer to the closing and the end of the connection come together.
  const kept = { lazyCloseTimeout: 30_000, retryAttempts: 0 };
  const client = createClient({ url: socketOf(api), connectionParams: () => headersOf(token), ...kept });
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
