// What was typed, kept for as long as the tab is open: a reload, or a sign-in on the way, loses nothing.

const PREFIX = "steadymint.draft.";

/** The draft under `key`, over the values of a new form. */
export function loadDraft<T extends object>(key: string, fresh: T): T {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? "null");
    if (typeof kept !== "object" || kept === null) return fresh;
    const known = Object.entries(kept).filter(
      ([name, value]) => name in fresh && sameKind(value, fresh[name as keyof T]),
    );
    return { ...fresh, ...Object.fromEntries(known) };
  } catch {
    return fresh;
  }
}

/** Keeps the fields that differ from a new form's; those that nobody touched follow what the API says next time. */
export function keepDraft<T extends object>(key: string, values: T, fresh: T): void {
  const typed = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(fresh[name as keyof T]),
  );
  try {
    if (typed.length === 0) dropDraft(key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(Object.fromEntries(typed)));
  } catch {
    // No storage, or no room: the form works without.
  }
}

export function dropDraft(key: string): void {
  sessionStorage.removeItem(PREFIX + key);
}

/** Of every form: what one user typed is not for the next one of this tab. */
export function dropAllDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

/** A draft of an older version of the page may have another shape. Objects may be missing. */
function sameKind(kept: unknown, fresh: unknown): boolean {
  return fresh === null || kept === null || typeof kept === typeof fresh;
}
