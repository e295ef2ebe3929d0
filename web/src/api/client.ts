// The one client of the API, and its types. All requests go through it.

import { createClient, read, webSession } from "@steadymint/client";

export type { Hex, Intent, Schemas } from "@steadymint/client";

import type { paths } from "@steadymint/client";

export type Paths = paths;

export const client = createClient({ baseUrl: "", session: webSession(localStorage) });
export const { api } = client;

/** The body of an answer. Throws `ProblemError`, or whatever `fetch` throws if nobody answers. */
export const got = read;
