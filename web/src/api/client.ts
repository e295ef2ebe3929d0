// The one module that talks to the API: a typed client with the session's token, and its types.

import createClient from "openapi-fetch";

import { ProblemError } from "./problems.ts";
import type { components, paths } from "./schema";
import { accessToken } from "./session.ts";

export type Schemas = components["schemas"];
export type Hex = `0x${string}`;
export type Paths = paths;

export const api = createClient<paths>({ baseUrl: "" });

api.use({
  async onRequest({ request }) {
    const token = await accessToken(request.url);
    if (token !== undefined) request.headers.set("authorization", `Bearer ${token}`);
    return request;
  },
});

interface Answer<T> {
  data?: T | null;
  error?: unknown;
  response: Response;
}

/** The body of the answer. Throws a `ProblemError` where the API answered with a problem, or did not answer. */
export async function got<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw ProblemError.unreachable(error);
  }
  if (answer.data === undefined || answer.data === null) throw ProblemError.of(answer.error, answer.response);
  return answer.data;
}

/** For answers without a body (204). */
export async function done(asked: Promise<Answer<unknown>>): Promise<void> {
  const { error, response } = await asked.catch((cause: unknown) => {
    throw ProblemError.unreachable(cause);
  });
  if (!response.ok) throw ProblemError.of(error, response);
}
