// The session: its tokens, kept over reloads and shared by all tabs of this browser.
//
// A refresh token works once, and using it twice ends the session. So tabs take turns under a lock.

import { ProblemError } from "./problems.ts";
import type { components } from "./schema";

type Tokens = components["schemas"]["TokenAnswer"];
export type Session = Pick<Tokens, "accessToken" | "refreshToken" | "expiresAt" | "address" | "chainId" | "userId">;

const KEY = "steadymint.session";
const EARLY_MS = 30_000;
/** Before the access token ends, so that no request meets its end on the way. */

const listeners = new Set<() => void>();
let known: { text: string | null; session: Session | null } = { text: null, session: null };

/** The session, the same object until it changes. */
export function currentSession(): Session | null {
  const text = localStorage.getItem(KEY);
  if (text !== known.text) known = { text, session: parsed(text) };
  return known.session;
}

export function keepSession(session: Session | null): void {
  if (session === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, JSON.stringify(session));
  for (const listener of listeners) listener();
}

export function onSessionChange(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent): void => {
    if (event.key === KEY || event.key === null) listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", elsewhere);
  };
}

/** The token for a request, refreshed if it ends soon; undefined for who is not signed in, and to sign in. */
export async function accessToken(url: string): Promise<string | undefined> {
  if (url.includes("/v1/auth/nonce") || url.includes("/v1/auth/verify")) return undefined;
  const session = currentSession();
  if (session === null) return undefined;
  if (lives(session)) return session.accessToken;
  return (await refreshed())?.accessToken;
}

function refreshed(): Promise<Session | null> {
  return navigator.locks.request("steadymint.refresh", async () => {
    const session = currentSession();
    if (session === null || lives(session)) return session; // another tab was first
    const response = await fetch("/v1/auth/refresh", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ refreshToken: session.refreshToken }),
    }).catch((cause: unknown) => {
      throw ProblemError.unreachable(cause);
    });
    if (response.ok) keepSession((await response.json()) as Tokens);
    else if (response.status === 401) keepSession(null);
    else throw ProblemError.of(await response.json().catch(() => null), response);
    return currentSession();
  });
}

function lives(session: Session): boolean {
  return Date.parse(session.expiresAt) - Date.now() > EARLY_MS;
}

function parsed(text: string | null): Session | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as Session;
  } catch {
    return null;
  }
}
