// The client: typed requests with a session. All else is made of it.

import createFetchClient, { type Client as FetchClient } from "openapi-fetch";

import type { paths } from "./generated/api.ts";
import { WITH_SESSION } from "./generated/lists.ts";
import { errorOf, ProblemError } from "./problems.ts";
import { memorySession, SessionKeeper, type SessionStore } from "./session.ts";
import type { Session } from "./types.ts";

export interface ClientOptions {
  /** Scheme, host and port of the API, such as `http://127.0.0.1:8080`. Empty for the page's own. */
  baseUrl: string;
  /** In place of the global one. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Where the session is kept. Default: in memory. */
  session?: SessionStore | undefined;
  /** The origin that sign-ins are for, such as `https://shop.example`. Default: the page's own. */
  origin?: string | undefined;
}

export interface Client {
  /** Every route by its path, typed: `client.api.GET("/v1/chains")`. `read` takes the answer out. */
  readonly api: FetchClient<paths>;
  readonly session: SessionKeeper;
  readonly baseUrl: string;
  readonly origin: string | undefined;
}

/** Milliseconds after the end of an access token until when a request may still be under way with it. */
const LATE = 3_600_000;
const NEEDS_SESSION: ReadonlySet<string> = new Set(WITH_SESSION);

export function createClient(options: ClientOptions): Client {
  const { baseUrl, session: store = memorySession(), origin = globalThis.location?.origin } = options;
  const ask = options.fetch ?? ((request: Request) => fetch(request));
  // Without a session, and not in a circle: a refused refresh is the end.
  const plain = createFetchClient<paths>({ baseUrl, fetch: ask });

  const session = new SessionKeeper(store, async (refreshToken) => {
    const { data, error, response } = await plain.POST("/v1/auth/refresh", { body: { refreshToken } });
    if (data) return data;
    const refusal = errorOf(response, error);
    if (refusal instanceof ProblemError && !refusal.repeatable && refusal.status < 500) return undefined;
    throw refusal; // the session may well be alive: it is kept
  });

  /** The sessions whose access tokens requests carry, by header. What a middleware does to a request leaves it that. */
  const madeAs = new Map<string, Session>();

  function authorizationOf(session: Session): string {
    const header = `Bearer ${session.accessToken}`;
    if (!madeAs.has(header)) {
      for (const [old, { expiresAt }] of madeAs) if (Date.parse(expiresAt) + LATE < Date.now()) madeAs.delete(old);
      madeAs.set(header, session);
    }
    return header;
  }

  async function askWithSession(request: Request): Promise<Response> {
    const used = madeAs.get(request.headers.get("authorization") ?? "");
    if (!used) return await ask(request);
    const again = request.clone();
    const response = await ask(request);
    if (response.status !== 401) return response;
    const next = await session.renewed(used);
    if (!next) return response;
    await response.body?.cancel();
    again.headers.set("authorization", `Bearer ${next.accessToken}`);
    return await ask(again);
  }

  const api = createFetchClient<paths>({ baseUrl, fetch: askWithSession });
  api.use({
    async onRequest({ request, schemaPath }) {
      if (!NEEDS_SESSION.has(`${request.method} ${schemaPath}`)) return;
      const used = await session.usable();
      if (!used) return;
      request.headers.set("authorization", authorizationOf(used));
      return request;
    },
  });
  return { api, session, baseUrl, origin };
}
