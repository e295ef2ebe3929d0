// Who is signed in, for components. The client keeps the session in this browser and renews it.

import type { Session } from "@steadymint/client";
import { useSyncExternalStore } from "react";

import { hasShape } from "~/lib/shapes.ts";
import { client } from "./client.ts";

export type { Session };

/** Where `webSession` keeps it. */
const KEY = "steadymint.session";

let known: { text: string | null; session: Session | null } = {
  text: null,
  session: null,
};

/** The session, the same object until it changes. Null for visitors. */
export function currentSession(): Session | null {
  const text = localStorage.getItem(KEY);
  if (text !== known.text) known = { text, session: sessionIn(text) };
  return known.session;
}

const SHAPE = {
  accessToken: "string",
  refreshToken: "string",
  expiresAt: "string",
  userId: "string",
  address: "string",
  chainId: "string",
} as const;

/** The session in what was kept; null if it is none. */
export function sessionIn(text: string | null): Session | null {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    return hasShape(kept, SHAPE) ? (kept as Session) : null;
  } catch {
    return null;
  }
}

/** Follows the sessions of this tab and of the others. */
export function onSessionChange(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent): void => {
    if (event.key === KEY || event.key === null) listener();
  };
  const leave = client.session.subscribe(listener);
  window.addEventListener("storage", elsewhere);
  return () => {
    leave();
    window.removeEventListener("storage", elsewhere);
  };
}

/** The session, in components. */
export function useSession(): Session | null {
  return useSyncExternalStore(onSessionChange, currentSession);
}
