// What follows when another user or wallet signs in, or nobody is signed in any more.

import { namesKey } from "~/api/names.ts";
import { currentSession, onSessionChange, type Session } from "~/api/session.ts";
import { dropAllDrafts } from "~/forms/draft.ts";
import { createStore } from "~/lib/store.ts";
import { queryClient } from "~/query-client.ts";
import { connected } from "~/wallet/wallet.ts";
import { leaveFlowsOfOthers, resumeFlows } from "./run.ts";

/** Whoever was signed in last in this tab. Kept when a session ends by itself, so that they find their drafts again. */
const LAST_USER = "steadymint.last-user";

/** How many users this tab has had. The page begins anew with each, so that none sees what another one typed. */
export const userTurn = createStore(1);

/** Follows the session. Returns what ends it. */
export function onUserChange(): () => void {
  let before = currentSession();
  follow(null, before);
  return onSessionChange(() => {
    const now = currentSession();
    follow(before, now);
    before = now;
  });
}

function follow(before: Session | null, now: Session | null): void {
  if (before !== null && before.userId !== now?.userId) {
    queryClient.removeQueries({ queryKey: ["own", before.userId] });
    queryClient.removeQueries({ queryKey: namesKey(before.userId) });
  }
  if (before?.address !== now?.address) {
    leaveFlowsOfOthers();
    if (now !== null) void resumeFlows();
  }
  if (now !== null) greet(now.userId);
}

function greet(userId: string): void {
  const last = sessionStorage.getItem(LAST_USER);
  if (last === userId) return;
  sessionStorage.setItem(LAST_USER, userId);
  if (last === null) return; // a visitor signs in, and keeps what they typed
  beginAnew();
}

/** When somebody signs out by themselves: nothing of what they typed stays for whoever comes next. */
export function takeLeave(): void {
  sessionStorage.removeItem(LAST_USER);
  connected.set(null);
  beginAnew();
}

function beginAnew(): void {
  dropAllDrafts();
  userTurn.set((turn) => turn + 1);
}
