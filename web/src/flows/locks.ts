// One tab runs a flow at a time: it holds a lock of the browser for it, which ends with the tab.

const PREFIX = "steadymint.flow.";

export function lockOf(flowId: string): string {
  return PREFIX + flowId;
}

/** Runs `what` under the lock; not at all if another tab holds it. Without locks (a page over plain HTTP) it just runs. */
export async function alone(name: string, what: () => Promise<void>): Promise<void> {
  const locks = manager();
  if (locks === undefined) return await what();
  await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await what();
  });
}

/** The names of the locks that any tab holds. */
export async function heldLocks(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await manager()?.query()) ?? {};
  return new Set(held.map((lock) => lock.name ?? ""));
}

function manager(): LockManager | undefined {
  return (navigator as { locks?: LockManager }).locks;
}
