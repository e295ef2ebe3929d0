// What follows when another account signs in, or nobody is signed in any more.

import { currentSession, onSessionChange } from "~/api/session.ts";
import { leaveFlowsOfOthers, resumeFlows } from "./run.ts";

/** Follows the session's account. Returns what ends it. */
export function onUserChange(): () => void {
  let account = currentSession()?.address;
  return onSessionChange(() => {
    const next = currentSession()?.address;
    if (next === account) return;
    account = next;
    leaveFlowsOfOthers();
    if (next !== undefined) void resumeFlows();
  });
}
