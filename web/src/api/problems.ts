// Words for errors of the API: what happened, and what the reader can do now.

import { type ProblemCode, ProblemError, UnexpectedAnswerError } from "@steadymint/client";

import { texts } from "~/texts.ts";

export { ProblemError };

/** `unreachable` is ours: nobody answered, or not with a problem document. */
export type Code = ProblemCode | "unreachable";

export interface Advice {
  title: string;
  advice: string;
}

/** Words for any error. */
export function adviceOn(error: unknown): Advice {
  const code = codeOf(error);
  if (code === undefined) return texts.problems.unknown;
  // The API may have codes that are newer than this page.
  const words = texts.problems.codes[code] as { title: string; advice?: string } | undefined;
  const detail = error instanceof ProblemError ? error.detail : texts.problems.unknown.advice;
  return {
    title: words?.title ?? texts.problems.unknown.title,
    advice: words?.advice ?? detail,
  };
}

/** The code of a problem; undefined for an error of another kind. */
export function codeOf(error: unknown): Code | undefined {
  if (error instanceof ProblemError) return error.code;
  // `fetch` throws a TypeError if nobody answers.
  return error instanceof UnexpectedAnswerError || error instanceof TypeError ? "unreachable" : undefined;
}

/** Whether nobody knows if what was asked for was done: the answer did not come, or was no answer of the API. */
export function isLost(error: unknown): boolean {
  if (error === null || error === undefined) return false;
  return !(error instanceof ProblemError) || error.status >= 500;
}

/** Whether what was asked for does not exist: an address that nobody has, or that is none. */
export function isMissing(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 404 || error.status === 422);
}
