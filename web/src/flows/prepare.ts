// The first look at what a form asks for: what the API says of a field is shown at the field, before a flow begins.

import { newUuid } from "@steadymint/client";

import { api, got, type Schemas } from "~/api/client.ts";
import { type BodyOf, type FlowKind, PREPARE } from "./kinds.ts";

export interface FirstLook<A> {
  /** The idempotency key. A flow that begins under it goes on with what was prepared. */
  id: string;
  prepared: A;
}

/** Has the API prepare what `body` asks for. Throws what it says against it. */
export async function prepare<K extends FlowKind, A = Schemas["PreparedAnswer"]>(
  kind: K,
  body: BodyOf<K>,
): Promise<FirstLook<A>> {
  const id = newUuid();
  const params = { header: { "Idempotency-Key": id } };
  // The routes take a body of their own each, and answer alike.
  const call = api.POST(PREPARE[kind] as "/v1/mints/prepare", { body: body as never, params });
  return { id, prepared: (await got(call)) as A };
}
