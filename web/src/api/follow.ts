// Follows an intent by its event stream, through lost connections, until it has ended.

import { api, got, type Schemas } from "./client.ts";
import { ProblemError } from "./problems.ts";

export type Intent = Schemas["IntentView"];

const RETRY_MS = 2_000;

/** Every step from `after` on, once and in order. Ends with the final step, or when `signal` is aborted. */
export async function* follow(intentId: string, signal: AbortSignal, after = 0): AsyncGenerator<Intent> {
  let seq = after;
  while (!signal.aborted) {
    try {
      const body = await open(intentId, seq, signal);
      if (body === null) {
        yield await got(api.GET("/v1/intents/{intentId}", { params: { path: { intentId } }, signal }));
        return;
      }
      for await (const event of events(body)) {
        seq = event.seq;
        yield event.intent;
        if (event.intent.status !== "pending") return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProblemError && error.status >= 400 && error.status < 500 && error.status !== 429) throw error;
    }
    await pause(RETRY_MS, signal);
  }
}

/** The stream's body; null if nothing follows any more (204). */
async function open(intentId: string, after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null> {
  const { data, error, response } = await api.GET("/v1/intents/{intentId}/events", {
    params: { path: { intentId } },
    headers: after > 0 ? { "Last-Event-ID": String(after) } : {},
    parseAs: "stream",
    signal,
  });
  if (response.status === 204) return null;
  if (data === undefined || data === null) throw ProblemError.of(error, response);
  return data as ReadableStream<Uint8Array>;
}

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ seq: number; intent: Intent }> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        const data = /^data: (.+)$/m.exec(block)?.[1];
        if (id !== undefined && data !== undefined) yield { seq: Number(id), intent: JSON.parse(data) as Intent };
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
