// Wrapping the chain's own currency, in which offers are paid: WETH9's `deposit()`.

import type { Hex, Schemas } from "~/api/client.ts";
import { forgetWrap, keepWrap, type Wrap, wraps, wrapsOf } from "~/lib/wraps.ts";
import { texts } from "~/texts.ts";
import { toast } from "~/ui/toast.ts";
import { isOn, type Provider, WalletError } from "~/wallet/provider.ts";
import { chosenProvider } from "~/wallet/wallet.ts";

const DEPOSIT = "0xd0e30db0";
const BALANCE_OF = "0x70a08231";
const LOOK_EVERY_MS = 1_000;
/** Once a dialog has given up waiting, or a look has failed. */
const LOOK_LATER_MS = 10_000;
/** After it the visitor is told to look into the wallet. It is remembered all the same. */
const LONGEST_MS = 5 * 60_000;

/** How a wrapping has ended; `replaced` if another transaction has its nonce, which cancels it or sends it again. */
type End = "done" | "reverted" | "replaced";

/** The hashes that a dialog of this tab waits for. */
const awaited = new Set<Hex>();

/** The contract of the wrapped currency; undefined on a chain without one. */
export function wrapperOf(chain: Schemas["ChainBody"]): Hex | undefined {
  return chain.contracts.find((one) => one.name === "wrapped_native")?.address;
}

export interface Wrapping extends Pick<Wrap, "chainId" | "account" | "title" | "href"> {
  wrapper: Hex;
  /** What the account must have in the end. */
  wanted: bigint;
}

/**
 * Wraps what the account is short of, and waits until it has it. One that was sent before, perhaps by a page that was
 * loaded again, is waited for first. `asking` is called before the wallet is asked, `sent` once it is on its way. The
 * balance counts, not only the receipt: a transaction that the wallet sends again has another hash.
 */
export async function wrapMissing(
  provider: Provider,
  wrapping: Wrapping,
  { asking, sent, signal }: { asking(): void; sent(): void; signal?: AbortSignal },
): Promise<void> {
  const { chainId, wrapper, account, wanted, title, href } = wrapping;
  const missing = async (): Promise<bigint> => wanted - (await wrappedOf(provider, wrapper, account));
  for (const before of underway(wrapping)) {
    if ((await missing()) <= 0n) break;
    sent();
    await waitedFor(provider, before, missing, signal);
  }
  if (!(await isOn(provider, numberOf(chainId)))) throw new WalletError("wrong_chain", texts.trade.wrapElsewhere);
  const short = await missing();
  if (short <= 0n) return;
  signal?.throwIfAborted();
  // The wallet takes this number, or a higher one if it holds back transactions of its own.
  const nonce = (await provider.request({ method: "eth_getTransactionCount", params: [account, "pending"] })) as Hex;
  asking();
  const value = `0x${short.toString(16)}`;
  const call = { from: account, to: wrapper, data: DEPOSIT, value, chainId: `0x${numberOf(chainId).toString(16)}` };
  const hash = (await provider.request({ method: "eth_sendTransaction", params: [call] })) as Hex;
  const wrap = { chainId, account, hash, nonce, title, href, sentAt: new Date().toISOString() };
  keepWrap(wrap);
  sent();
  const end = await waitedFor(provider, wrap, missing, signal);
  if (end === "done" || (await missing()) <= 0n) return;
  throw new WalletError("failed", end === "reverted" ? texts.trade.wrapReverted : texts.trade.wrapReplaced);
}

function underway({ chainId, account }: Wrapping): readonly Wrap[] {
  return wrapsOf(wraps.get(), account).filter((one) => one.chainId === chainId);
}

/** Waits until a wrapping has ended, which is forgotten then, or nothing is missing any more. Throws if it takes long. */
async function waitedFor(
  provider: Provider,
  wrap: Wrap,
  missing: () => Promise<bigint>,
  signal?: AbortSignal,
): Promise<End> {
  const until = Math.max(Date.parse(wrap.sentAt) + LONGEST_MS, Date.now() + LOOK_EVERY_MS);
  awaited.add(wrap.hash);
  try {
    for (; Date.now() < until; await pause(LOOK_EVERY_MS, signal)) {
      signal?.throwIfAborted();
      if (!(await isOn(provider, numberOf(wrap.chainId)))) continue;
      const end = await endOf(provider, wrap);
      if (end === undefined && (await missing()) > 0n) continue;
      if (end !== undefined) forgetWrap(wrap.hash); // else it may still land, and is followed
      return end ?? "done";
    }
  } finally {
    awaited.delete(wrap.hash);
  }
  throw new WalletError("failed", texts.trade.wrapLate);
}

/** How it has ended; undefined while it may still land, and while the wallet is on a chain that does not know it. */
async function endOf(provider: Provider, wrap: Wrap): Promise<End | undefined> {
  const { chainId, account, hash } = wrap;
  if (!(await isOn(provider, numberOf(chainId)))) return undefined;
  const receipt = await receiptOf(provider, hash);
  if (receipt !== undefined) return receipt;
  const seen = (await provider.request({ method: "eth_getTransactionByHash", params: [hash] })) as {
    nonce: Hex;
  } | null;
  const kept = wraps.get().find((one) => one.hash === hash);
  const own = seen?.nonce ?? (kept ?? wrap).nonce;
  if (kept !== undefined && kept.nonce !== own) keepWrap({ ...kept, nonce: own });
  const used = (await provider.request({ method: "eth_getTransactionCount", params: [account, "latest"] })) as Hex;
  if (BigInt(used) <= BigInt(own)) return undefined;
  const end = (await receiptOf(provider, hash)) ?? "replaced"; // it may have been mined between the questions
  return (await isOn(provider, numberOf(chainId))) ? end : undefined; // what another chain counts says nothing
}

/**
 * Follows what was sent, by an earlier page or another tab, for as long as it is remembered, and says how it has ended.
 * One that a dialog of this tab waits for is left to it.
 */
export async function followWrap(wrap: Wrap, signal: AbortSignal): Promise<void> {
  const sentAt = Date.parse(wrap.sentAt);
  while (!signal.aborted) {
    const kept = wraps.get().find((one) => one.hash === wrap.hash);
    if (kept === undefined) return; // somebody else has seen the end of it
    let every = Date.now() - sentAt < LONGEST_MS ? LOOK_EVERY_MS : LOOK_LATER_MS;
    if (!awaited.has(wrap.hash)) {
      try {
        const end = await endOf(await chosenProvider(wrap.chainId), kept);
        if (end !== undefined && !signal.aborted && !awaited.has(wrap.hash)) return tell(kept, end);
      } catch {
        every = LOOK_LATER_MS; // the wallet is not there yet, or nobody answers
      }
    }
    await pause(every, signal).catch(() => undefined);
  }
}

function tell({ hash, title }: Wrap, end: End): void {
  if (!wraps.get().some((one) => one.hash === hash)) return;
  forgetWrap(hash);
  if (end === "done") toast.done(texts.trade.wrapDone(title), texts.trade.wrapNext);
  else toast.refused(end === "replaced" ? texts.trade.wrapReplaced : texts.trade.wrapReverted);
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
  });
}

/** `eip155:1` -> 1n. */
function numberOf(chainId: string): bigint {
  return BigInt(chainId.split(":")[1] ?? "0");
}

async function wrappedOf(provider: Provider, wrapper: Hex, account: Hex): Promise<bigint> {
  const data = `${BALANCE_OF}${account.slice(2).toLowerCase().padStart(64, "0")}`;
  return BigInt(
    (await provider.request({
      method: "eth_call",
      params: [{ to: wrapper, data }, "latest"],
    })) as string,
  );
}

async function receiptOf(provider: Provider, hash: Hex): Promise<"done" | "reverted" | undefined> {
  const receipt = (await provider.request({
    method: "eth_getTransactionReceipt",
    params: [hash],
  })) as { status: Hex } | null;
  if (receipt === null) return undefined;
  return BigInt(receipt.status) === 1n ? "done" : "reverted";
}
