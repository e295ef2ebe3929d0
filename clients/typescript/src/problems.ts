// What the API answers when it does not do what was asked.

import type { Problem, ProblemCode, WrongField } from "./types.ts";

/** A problem document (RFC 9457). Decide by `code`, show `detail`. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  /** Seconds after which the request may be repeated, with 429 and 503. */
  readonly retryAfter: number | undefined;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;

  constructor(problem: Problem, headers: Headers = new Headers()) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    const seconds = Number.parseFloat(headers.get("retry-after") ?? "");
    this.retryAfter = Number.isNaN(seconds) ? undefined : seconds;
    this.requestId = headers.get("x-request-id") ?? undefined;
  }

  get code(): ProblemCode {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }

  get title(): string {
    return this.problem.title;
  }

  get detail(): string {
    return this.problem.detail;
  }

  /** With `invalid_input`: every invalid place. Else empty. */
  get fields(): readonly WrongField[] {
    return this.problem.fields ?? [];
  }

  /** Whether the same request may succeed later. */
  get repeatable(): boolean {
    return this.status === 429 || this.status === 503;
  }
}

/** An answer that is neither what was asked for nor a problem document: of a proxy before the API, for example. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
  readonly status: number;

  constructor(response: Response) {
    super(`${response.status} without a problem document, from ${response.url}`);
    this.status = response.status;
  }

  get repeatable(): boolean {
    return this.status >= 500;
  }
}

/** Somebody else has signed in since the request was made. It is not sent in their name. */
export class SessionChangedError extends Error {
  override readonly name = "SessionChangedError";

  constructor() {
    super("Somebody else has signed in since the request was made");
  }
}

/** What to throw for an answer of 400 and above, whose body has been read as `document`. */
export function errorOf(response: Response, document: unknown): ProblemError | UnexpectedAnswerError {
  return isProblem(document) ? new ProblemError(document, response.headers) : new UnexpectedAnswerError(response);
}

/** The error of a response whose body nobody has read yet. */
export async function errorOfUnread(response: Response): Promise<ProblemError | UnexpectedAnswerError> {
  return errorOf(response, await response.json().catch(() => undefined));
}

function isProblem(document: unknown): document is Problem {
  return typeof document === "object" && document !== null && "code" in document && "detail" in document;
}

/**
 * What a call of `client.api` answers. Throws `ProblemError`, or `UnexpectedAnswerError`.
 *
 *     const token = await read(client.api.GET("/v1/collections/{chainId}/{contract}", { params: { path } }));
 */
export async function read<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw errorOf(response, error);
  return data as T;
}
