// What is asked for to make a collection, as query options.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { queryOptions } from "@tanstack/react-query";

import { api, got, type Schemas } from "./client.ts";

/** The set of these documents. It is usually published once: whoever reviews again has the set of before. The key has
 * the hash of the documents, which may be megabytes. */
export function publishedSetQuery(userId: string, documents: Schemas["PublishBody"]) {
  return queryOptions({
    queryKey: ["own", userId, "metadata-set", bytesToHex(keccak_256(utf8ToBytes(JSON.stringify(documents))))],
    queryFn: ({ signal }) => got(api.POST("/v1/metadata", { body: documents, signal })),
    staleTime: 10 * 60_000,
    gcTime: 10 * 60_000,
    retry: false,
  });
}
