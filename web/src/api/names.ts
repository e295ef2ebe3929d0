// The usernames behind addresses. All addresses that a page shows at once are asked for in one request.

import { SessionChangedError } from "@steadymint/client";
import { queryOptions } from "@tanstack/react-query";

import { batched } from "~/lib/batch.ts";
import { api, got, type Hex } from "./client.ts";
import { currentSession } from "./session.ts";

/** Of one request; a hundred fill five kilobytes of its address. */
const MOST = 100;
/** A name may be changed or hidden at any time. */
const FRESH_MS = 60_000;

type NameOf = (address: Hex) => Promise<string | undefined>;

/** By chain and viewer: what one viewer asks for is not answered to another. */
const batches = new Map<string, NameOf>();

function askedOn(chainId: string, viewer: string | undefined): NameOf {
  const key = `${chainId} ${viewer ?? ""}`;
  const known = batches.get(key);
  if (known !== undefined) return known;
  const asked = batched((addresses: Hex[]) => namesOf(chainId, addresses, viewer), MOST);
  batches.set(key, asked);
  return asked;
}

/** Throws SessionChangedError if somebody else than the viewer is signed in by now: the answer may be for them. */
async function namesOf(chainId: string, addresses: Hex[], viewer: string | undefined): Promise<Map<Hex, string>> {
  const query = { chainId, address: addresses };
  const { items } = await got(api.GET("/v1/usernames", { params: { query } }));
  if (currentSession()?.userId !== viewer) throw new SessionChangedError();
  return new Map(items.map((one) => [one.address.toLowerCase() as Hex, one.username]));
}

/** The name that the viewer may see; null for none. `viewer`: whoever asks, since friends see more. */
export function nameQuery(chainId: string, address: Hex, viewer: string | undefined) {
  const key = address.toLowerCase() as Hex;
  return queryOptions({
    queryKey: [...namesKey(viewer), chainId, key],
    queryFn: async () => (await askedOn(chainId, viewer)(key)) ?? null,
    staleTime: FRESH_MS,
    retry: false, // the address says whose it is as well
  });
}

/** How the keys of all names begin that this viewer has asked for. */
export function namesKey(viewer: string | undefined) {
  return ["name", viewer] as const;
}
