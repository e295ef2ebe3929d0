// Keys by which the API knows a request that is sent again.

export interface RequestKeys {
  /** The same key for as long as the same is asked for. */
  of(body: unknown): string;
  /** Once the answer is here: the next request is another one, also if it asks for the same. */
  forget(): void;
}

export function requestKeys(): RequestKeys {
  let last: { asked: string; key: string } | undefined;
  return {
    of(body) {
      const asked = JSON.stringify(body);
      if (last?.asked !== asked) last = { asked, key: crypto.randomUUID() };
      return last.key;
    },
    forget() {
      last = undefined;
    },
  };
}
