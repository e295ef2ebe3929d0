// Keys by which the API knows a request that is sent again.

import { newUuid, ProblemError } from "@steadymint/client";

export interface RequestKeys {
  /** The same key for as long as the same is asked for. */
  of(body: unknown): string;
  /** Once the answer is here: the next request is another one, also if it asks for the same. */
  forget(): void;
  /** After an error. Once the API has refused the request for good, the next one is another one, too. */
  failed(error: unknown): void;
}

export function requestKeys(): RequestKeys {
  let last: { asked: string; key: string } | undefined;
  return {
    of(body) {
      const asked = JSON.stringify(body);
      if (last?.asked !== asked) last = { asked, key: newUuid() };
      return last.key;
    },
    forget() {
      last = undefined;
    },
    failed(error) {
      if (isRefusal(error)) last = undefined;
    },
  };
}

/** Whether the API has answered that it does not do what was asked, and will not do so later. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && !error.repeatable && error.status < 500;
}
