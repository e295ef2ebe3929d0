// One transaction of an intent: from the wallet to the API.

import type { Client } from "./client.ts";
import { steps } from "./follow.ts";
import { ProblemError, read } from "./problems.ts";
import type { Hex, PreparedStep } from "./types.ts";
import { patientlyAsOne } from "./waiting.ts";
import { send, type Wallet } from "./wallet.ts";

interface Sent {
  /** Undefined if the intent went on without an answer of the wallet. */
  txHash: Hex | undefined;
  /** Resolves when the API knows the hash. */
  tracked: Promise<void>;
}

/**
 * Has the wallet send the transaction and reports its hash, whatever the page does meanwhile: what a wallet has sent is
 * sent. A wallet on another device may send and lose its answer, so the intent is watched too.
 *
 * Throws `WalletRefusedError`, or the signal's reason.
 */
export async function sendAndTrack(
  client: Client,
  wallet: Wallet,
  { intentId, txRequest }: PreparedStep,
  signal?: AbortSignal,
): Promise<Sent> {
  signal?.throwIfAborted();
  const sending = send(wallet, txRequest, signal);
  const tracked = sending.then((txHash) => track(client, intentId, txHash));
  tracked.catch(() => {}); // nobody waits for it if the page has gone on
  const watch = new AbortController();
  try {
    const txHash = await Promise.race([sending, moved(client, intentId, watch.signal, signal)]);
    return { txHash, tracked: txHash ? tracked : Promise.resolve() };
  } finally {
    watch.abort();
  }
}

/** Resolves once the intent is no longer `prepared`. Throws nothing but the signal's reason. */
async function moved(client: Client, intentId: string, stop: AbortSignal, signal?: AbortSignal): Promise<undefined> {
  try {
    for await (const { intent } of steps(client, intentId, { signal: signal ? AbortSignal.any([stop, signal]) : stop })) {
      if (intent.step !== "prepared") return;
    }
  } catch {
    signal?.throwIfAborted();
    await new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  }
}

/** Reports the hash. That the intent has gone on meanwhile is no error: its stream tells. */
async function track(client: Client, intentId: string, txHash: Hex): Promise<void> {
  const request = { params: { path: { intentId } }, body: { txHash } };
  try {
    await patientlyAsOne(client, () => read(client.api.POST("/v1/intents/{intentId}/track", request)), {});
  } catch (error) {
    const isLate = error instanceof ProblemError && (error.code === "superseded" || error.code === "intent_final");
    if (!isLate) throw error;
  }
}
