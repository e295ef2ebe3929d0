// Waiting that can be given up, and requests that are repeated while the API says that they may be.

import type { Client } from "./client.ts";
import { ProblemError, UnexpectedAnswerError } from "./problems.ts";
import type { Abortable } from "./types.ts";

/** How often a request is sent at most. */
const TRIES = 5;
/** Milliseconds. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** Resolves after so many milliseconds. Rejects with the signal's reason once it is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const aborted = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", aborted, { once: true });
  });
}

/** Milliseconds to wait after so many failures in a row: twice as long each time, and never the same for all. */
export function backOff(failures: number, first: number = FIRST_WAIT): number {
  return Math.min(first * 2 ** Math.max(0, failures - 1), LONGEST_WAIT) * (0.5 + Math.random() / 2);
}

/** Whether the request may be sent again: the network failed, or the API says so. */
export function isRepeatable(error: unknown): boolean {
  if (error instanceof ProblemError || error instanceof UnexpectedAnswerError) return error.repeatable;
  return error instanceof TypeError; // what `fetch` throws when no answer came
}

/** Milliseconds to wait before a request is repeated that failed with this error. */
export function waitAfter(error: unknown, failures: number, first?: number): number {
  const asked = error instanceof ProblemError ? (error.retryAfter ?? 0) * 1000 : 0;
  return Math.max(asked, backOff(failures, first));
}

export interface Repeating extends Abortable {
  /** Called before the request is sent again. What it throws ends the trying. */
  again?: (() => Promise<void>) | undefined;
}

/** The answer of a request that may be sent more than once and carries no session. */
export async function patiently<T>(ask: () => Promise<T>, { signal, again }: Repeating): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      if (signal?.aborted || failures === TRIES || !isRepeatable(error)) throw error;
      await pause(waitAfter(error, failures), signal);
      await again?.();
    }
  }
}

/**
 * The answer of a request with a session that may be sent more than once, such as one with an idempotency key. It is
 * sent again as the same user only: throws `SessionChangedError` where somebody else has signed in meanwhile.
 */
export async function patientlyAsOne<T>(client: Client, ask: () => Promise<T>, { signal }: Abortable): Promise<T> {
  return await patiently(ask, { signal, again: await client.session.pinned() });
}
