// Apollo Client: HTTP with persisted documents, and subscriptions over graphql-ws, the way its documentation has it.

import { createHash } from "node:crypto";

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";

import { headersOf, httpOf, socketOf, uploaded, valuesOf } from "./wire.mjs";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

export function connect(api, token) {
  const sockets = createClient({ url: socketOf(api), connectionParams: () => headersOf(token), retryAttempts: 0 });
  const http = new HttpLink({ uri: httpOf(api), headers: headersOf(token) });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(sockets),
      new PersistedQueryLink({ sha256 }).concat(http),
    ),
  });
  const got = ({ data, error }) => {
    if (error) throw error;
    return data;
  };
  return {
    run: async (query, variables) => got(await client.mutate({ mutation: gql(query), variables })),
    async *watch(query, variables) {
      const subscribe = (sink) => {
        const watching = client.subscribe({ query: gql(query), variables }).subscribe(sink);
        return () => watching.unsubscribe();
      };
      for await (const result of valuesOf(subscribe)) yield got(result);
    },
    upload: (query, files) => uploaded(api, token, query, files),
    close: () => (client.stop(), sockets.dispose()),
  };
}
