// What is the same for all that a user does on chain: prepare it, have the wallet send it, report the hash, follow it.

import type { Client } from "./client.ts";
import { Flow } from "./flow.ts";
import { type Ended, type StatusEvent, steps } from "./follow.ts";
import { read } from "./problems.ts";
import { sendAndTrack } from "./sending.ts";
import type { Abortable, Hex, IntentKind, paths, Prepared, PreparedFill, PreparedStep, TxRequest } from "./types.ts";
import { newUuid } from "./uuid.ts";
import { patientlyAsOne } from "./waiting.ts";
import { type Wallet, WalletRefusedError } from "./wallet.ts";

/** The API has prepared the transactions. The wallet is not asked before the next event is asked for. */
export interface PreparedEvent<P> {
  type: "prepared";
  prepared: P;
  /** Keep it until the flow has ended: the same call with the same key goes on after a reload. */
  idempotencyKey: string;
}

/** The wallet is about to be asked for a transaction. */
export interface AskingEvent {
  type: "asking";
  kind: IntentKind;
  intentId: string;
  txRequest: TxRequest;
  /** Which transaction it is, from 1, and of how many. */
  position: number;
  of: number;
}

/** The wallet has sent a transaction. */
export interface SentEvent {
  type: "sent";
  kind: IntentKind;
  intentId: string;
  txHash: Hex;
}

export type IntentEvent<P = Prepared> = PreparedEvent<P> | AskingEvent | SentEvent | StatusEvent;

/** The user has said no in the wallet. */
export interface Refused {
  status: "refused";
  /** What was refused: a transaction of this kind, or the signature of orders. */
  kind: IntentKind | "order";
  intentId?: string;
  error: WalletRefusedError;
}

/** What was asked for was so already. */
export interface AlreadySo {
  status: "satisfied";
  detail: string;
}

export type Outcome = Ended | Refused | AlreadySo;
export type IntentFlow<P = Prepared> = Flow<IntentEvent<P>, Outcome>;

export interface IntentOptions extends Abortable {
  /** Default: a new one for each call. */
  idempotencyKey?: string | undefined;
}

type PreparePath = {
  [P in keyof paths]: P extends `${string}/prepare` ? P : never;
}[keyof paths];
type BodyOf<P extends PreparePath> = paths[P]["post"]["requestBody"]["content"]["application/json"];
type AnswerOf<P extends PreparePath> = paths[P]["post"]["responses"][201]["content"]["application/json"];

/** The flow of one route that prepares. */
export function intentFlow<P extends PreparePath>(
  client: Client,
  wallet: Wallet,
  path: P,
  body: BodyOf<P>,
  options: IntentOptions = {},
): IntentFlow<AnswerOf<P>> {
  return new Flow(() => through(client, wallet, path, body, options));
}

export async function* through<P extends PreparePath>(
  client: Client,
  wallet: Wallet,
  path: P,
  body: BodyOf<P>,
  { idempotencyKey = newUuid(), signal }: IntentOptions,
): AsyncGenerator<IntentEvent<AnswerOf<P>>, Outcome> {
  const params = { header: { "Idempotency-Key": idempotencyKey } };
  const { answer, isNew } = await patientlyAsOne(client, async () => {
    // All of these routes take a body of their own and answer alike, which no type says of them together.
    const call = client.api.POST(path as "/v1/approvals/prepare", { body: body as never, params, ...(signal && { signal }) });
    return { answer: await read(call), isNew: (await call).response.status === 201 };
  }, { signal });
  if ("satisfied" in answer) return { status: "satisfied", detail: answer.detail };

  yield { type: "prepared", prepared: answer as AnswerOf<P>, idempotencyKey };
  const parts = stepsOf(answer);
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (part.status === "ready" && !isLast) continue;
    if (isNew || (await isUnsent(client, part, signal))) {
      yield { type: "asking", ...part, position: index + 1, of: parts.length };
      try {
        const { txHash, tracked } = await sendAndTrack(client, wallet, part, signal);
        if (txHash) yield { type: "sent", kind: part.kind, intentId: part.intentId, txHash };
        await tracked;
      } catch (error) {
        if (!(error instanceof WalletRefusedError)) throw error;
        return { status: "refused", kind: part.kind, intentId: part.intentId, error };
      }
    }
    const ended = yield* steps(client, part.intentId, { signal });
    if (isLast || ended.status !== "ready") return ended;
  }
  throw new Error("Nothing was prepared");
}

/** The transactions in their order. The last is the one that was asked for. */
function stepsOf(prepared: Prepared | PreparedFill): PreparedStep[] {
  return "steps" in prepared ? prepared.steps : [prepared];
}

/** Whether the wallet has yet to be asked, of an intent that an earlier call has made. */
async function isUnsent(client: Client, { intentId }: PreparedStep, signal?: AbortSignal): Promise<boolean> {
  const params = { path: { intentId } };
  const intent = await read(client.api.GET("/v1/intents/{intentId}", { params, ...(signal && { signal }) }));
  return intent.step === "prepared";
}
