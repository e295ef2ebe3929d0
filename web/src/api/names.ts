// The usernames behind addresses. All addresses that a page shows at once are asked for in one request.

import { queryOptions } from "@tanstack/react-query";

import { batched } from "~/lib/batch.ts";
import { api, got, type Hex } from "./client.ts";

/** Of one request; a hundred fill five kilobytes of its address. */
const MOST = 100;
/** A name may be changed or hidden at any time. */
const FRESH_MS = 60_000;

const chains = new Map<string, (address: Hex) => Promise<string | undefined>>();

function askedOn(chainId: string) {
  let asked = chains.get(chainId);
  if (asked === undefined) {
    asked = batched(async (addresses: Hex[]) => {
      const query = { chainId, address: addresses };
      const { items } = await got(api.GET("/v1/usernames", { params: { query } }));
      return new Map(items.map((one) => [one.address.toLowerCase() as Hex, one.username]));
    }, MOST);
    chains.set(chainId, asked);
  }
  return asked;
}

/** The name that the viewer may see; null for none. `viewer`: whoever asks, since friends see more. */
export function nameQuery(chainId: string, address: Hex, viewer: string | undefined) {
  const key = address.toLowerCase() as Hex;
  return queryOptions({
    queryKey: ["name", chainId, key, viewer],
    queryFn: async () => (await askedOn(chainId)(key)) ?? null,
    staleTime: FRESH_MS,
    retry: false, // the address says whose it is as well
  });
}
