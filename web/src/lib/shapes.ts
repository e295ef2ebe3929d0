// Whether a value that was kept in the browser has the shape that is expected: an older page, or anybody, may have written it.

type Kind = "string" | "object" | "array";

/** The named members are there, each of its kind. Others may be there, too. */
export function hasShape(value: unknown, members: Readonly<Record<string, Kind>>): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(members).every(([name, kind]) => {
    const member = (value as Record<string, unknown>)[name];
    return kind === "array" ? Array.isArray(member) : typeof member === kind && member !== null;
  });
}

/** The items of a kept list that have the shape; none if it is no list. */
export function listOf<T>(stored: unknown, members: Readonly<Record<string, Kind>>): readonly T[] {
  return Array.isArray(stored) ? (stored.filter((one) => hasShape(one, members)) as T[]) : [];
}
