// Lists, page by page.

import type { FetchOptions } from "openapi-fetch";

import type { Client } from "./client.ts";
import { read } from "./problems.ts";
import type { paths } from "./types.ts";

interface AnyPage {
  items: unknown[];
  nextCursor: string | null;
}

type AnswerAt<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer Answer } } } };
}
  ? Answer
  : never;

/** The routes that answer with pages. */
export type ListPath = { [P in keyof paths]: AnswerAt<P> extends never ? never : AnswerAt<P> extends AnyPage ? P : never }[keyof paths];
export type Page<P extends ListPath> = AnswerAt<P>;
export type Item<P extends ListPath> = AnswerAt<P> extends { items: (infer One)[] } ? One : never;
type Init<P extends ListPath> = FetchOptions<paths[P]["get"]>;
type InitParam<P extends ListPath> = object extends Init<P> ? [init?: Init<P>] : [init: Init<P>];

/**
 * The pages of a list, each asked for when it is wanted. `init` is that of `client.api.GET`, with `signal`.
 *
 *     for await (const { items } of pages(client, "/v1/collections", { params: { query: { q: "lamp" } } })) ...
 */
export async function* pages<P extends ListPath>(
  client: Client,
  path: P,
  ...[init]: InitParam<P>
): AsyncGenerator<Page<P>> {
  const { params, ...rest } = (init ?? {}) as { params?: { query?: object } };
  for (let cursor: string | null = null; ; ) {
    const query = cursor === null ? params?.query : { ...params?.query, cursor };
    const request = { ...rest, params: { ...params, query } };
    const page: AnyPage = await read(client.api.GET(path as never, request as never));
    yield page as Page<P>;
    cursor = page.nextCursor;
    if (cursor === null) return;
  }
}

/** The items of a list, from all of its pages. */
export async function* items<P extends ListPath>(
  client: Client,
  path: P,
  ...init: InitParam<P>
): AsyncGenerator<Item<P>> {
  for await (const page of pages(client, path, ...init)) yield* (page as AnyPage).items as Item<P>[];
}
