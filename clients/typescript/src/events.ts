// Server-Sent Events over `fetch`, which can send the `Authorization` header, and streams that go on after a cut.

import { errorOf } from "./problems.ts";
import { isRepeatable, pause, type Repeating, waitAfter } from "./waiting.ts";

/** Milliseconds of silence after which a connection counts as dead. The API says something every 15 s. */
const SILENCE = 45_000;

export interface ServerEvent {
  /** The last id that the stream has named. */
  id: string;
  data: string;
}

/**
 * The events of one connection, by the rules of the HTML standard. `last.id` is the last id that the stream has named,
 * with an event or by itself. Throws `TypeError` when the stream falls silent.
 */
export async function* serverEvents(
  body: ReadableStream<Uint8Array>,
  last: { id: string },
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let [rest, id, data] = ["", last.id, [] as string[]];
  try {
    for (;;) {
      const { done, value } = await unlessSilent(reader.read());
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [, name = "", content = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        if (name === "id") id = content;
        else if (name === "data") data.push(content);
        else if (line === "") {
          last.id = id;
          if (data.length) yield { id, data: data.join("\n") };
          data = [];
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function unlessSilent<T>(reading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TypeError("The stream of events has fallen silent")), SILENCE);
  });
  try {
    return await Promise.race([reading, silent]);
  } finally {
    clearTimeout(timer);
  }
}

/** Opens a stream behind the event of this id: what openapi-fetch answers with `parseAs: "stream"`. */
export type Opening = (after: string) => Promise<{
  data?: ReadableStream<Uint8Array> | null;
  error?: unknown;
  response: Response;
}>;

export interface StreamOptions extends Repeating {
  /** The id of the last event that was seen. */
  after?: string | undefined;
}

/** The events of a stream, each once, through cuts and restarts. It ends when the API has nothing more to say (204). */
export async function* resumedEvents(open: Opening, options: StreamOptions): AsyncGenerator<ServerEvent> {
  const { signal, again } = options;
  const last = { id: options.after ?? "" };
  let failures = 0;
  for (;;) {
    let failed: unknown;
    try {
      const { data, error, response } = await open(last.id);
      if (!response.ok) throw errorOf(response, error);
      if (response.status === 204 || !data) return;
      for await (const event of serverEvents(data, last)) {
        failures = 0;
        yield event;
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!isRepeatable(error)) throw error;
      failed = error;
    }
    failures += 1;
    await pause(waitAfter(failed, failures), signal);
    await again?.();
  }
}
