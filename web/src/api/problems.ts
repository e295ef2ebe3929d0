// Problem documents (RFC 9457) as errors, with the words for each code.

import { texts } from "~/texts.ts";
import type { components } from "./schema";

type Problem = components["schemas"]["Problem"];
export type ProblemCode = Problem["code"];
/** `unreachable` is ours: the API did not answer, or not with a problem document. */
export type Code = ProblemCode | "unreachable";

export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    readonly code: Code,
    readonly detail: string,
    readonly status: number,
    readonly problem: Partial<Problem> = {},
    /** Seconds after which the API asked to come again. */
    readonly retryAfter?: number,
  ) {
    super(`${code}: ${detail}`);
  }

  static of(body: unknown, response: Response): ProblemError {
    const after = Number(response.headers.get("retry-after")) || undefined;
    if (!isProblem(body)) return new ProblemError("unreachable", `HTTP ${response.status}`, response.status, {}, after);
    return new ProblemError(body.code, body.detail, body.status, body, after);
  }

  static unreachable(cause: unknown): ProblemError {
    return new ProblemError("unreachable", cause instanceof Error ? cause.message : String(cause), 0);
  }

  /** What is wrong with a field of the request, for the form that has it. */
  reasonOf(field: string): string | undefined {
    return this.problem.fields?.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.reason;
  }
}

export interface Advice {
  title: string;
  /** What the reader can do now. */
  advice: string;
}

/** Words for any error: what happened, and what to do. */
export function adviceOn(error: unknown): Advice {
  if (!(error instanceof ProblemError)) return texts.problems.unknown;
  const words = texts.problems.codes[error.code];
  return { title: words.title, advice: words.advice ?? error.detail };
}

export function isMissing(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 404 || error.status === 422);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body && "status" in body;
}
