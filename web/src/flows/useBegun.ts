// What a form does when the flow that it began has ended well, in this visit or after a reload.

import { useEffect, useState } from "react";

import type { Flow } from "./flow.ts";
import { useOwnFlows } from "./run.ts";

const PREFIX = "steadymint.begun.";

/** `onDone` hears of the flow once. Returns what names the flow when it begins, kept in this tab under `key`. */
export function useBegun(key: string, onDone: (flow: Flow) => void): (flowId: string) => void {
  const [begun, setBegun] = useState(() => sessionStorage.getItem(PREFIX + key));
  const done = useOwnFlows().find((flow) => flow.id === begun && flow.phase === "done");

  useEffect(() => {
    if (done === undefined) return;
    sessionStorage.removeItem(PREFIX + key);
    setBegun(null);
    onDone(done);
  }, [done, key, onDone]);

  return (flowId) => {
    sessionStorage.setItem(PREFIX + key, flowId);
    setBegun(flowId);
  };
}
