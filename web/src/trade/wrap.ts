// Wrapping the chain's own currency, in which offers are paid: WETH9's `deposit()`.

import type { Hex, Schemas } from "~/api/client.ts";
import { forgetWrap, keepWrap, type Wrap, wraps, wrapsOf } from "~/lib/wraps.ts";
import { texts } from "~/texts.ts";
import { toast } from "~/ui/toast.ts";
import type { Provider } from "~/wallet/provider.ts";
import { WalletError } from "~/wallet/provider.ts";
import { chosenProvider } from "~/wallet/wallet.ts";

const DEPOSIT = "0xd0e30db0";
const BALANCE_OF = "0x70a08231";
const LOOK_EVERY_MS = 1_000;
/** After it the visitor is told to look into the wallet. What lands later is found when they try again. */
const LONGEST_MS = 5 * 60_000;

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
  { asking, sent }: { asking(): void; sent(): void },
): Promise<void> {
  const { wrapper, account, wanted } = wrapping;
  const missing = async (): Promise<bigint> => wanted - (await wrappedOf(provider, wrapper, account));
  for (const before of underway(wrapping)) {
    if ((await missing()) <= 0n) break;
    sent();
    if ((await ended(provider, before, missing)) === "late") throw new WalletError("failed", texts.trade.wrapLate);
    forgetWrap(before.hash);
  }
  const short = await missing();
  if (short <= 0n) return;
  asking();
  const call = { from: account, to: wrapper, data: DEPOSIT, value: `0x${short.toString(16)}` };
  const hash = (await provider.request({ method: "eth_sendTransaction", params: [call] })) as Hex;
  const { chainId, title, href } = wrapping;
  const wrap = { chainId, account, hash, title, href, sentAt: new Date().toISOString() };
  keepWrap(wrap);
  sent();
  const end = await ended(provider, wrap, missing);
  if (end === "late") throw new WalletError("failed", texts.trade.wrapLate);
  forgetWrap(hash);
  if (end === "reverted") throw new WalletError("failed", texts.trade.wrapReverted);
}

function underway({ chainId, account }: Wrapping): readonly Wrap[] {
  return wrapsOf(wraps.get(), account).filter((one) => one.chainId === chainId);
}

/** `done` by its receipt, or because nothing is missing any more. */
async function ended(
  provider: Provider,
  { hash, sentAt }: Wrap,
  missing: () => Promise<bigint>,
): Promise<"done" | "reverted" | "late"> {
  const until = Math.max(Date.parse(sentAt) + LONGEST_MS, Date.now() + LOOK_EVERY_MS);
  while (Date.now() < until) {
    const receipt = await receiptOf(provider, hash);
    if (receipt === "reverted" || (await missing()) <= 0n) return receipt ?? "done";
    if (receipt !== undefined) return receipt;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return "late";
}

/** After a reload: waits for what was sent, and says when it is there. One that never lands is forgotten in time. */
export async function followWrap(wrap: Wrap): Promise<void> {
  const provider = await chosenProvider(wrap.chainId);
  const end = await ended(provider, wrap, () => Promise.resolve(1n));
  if (!wraps.get().some((one) => one.hash === wrap.hash)) return; // the offer's dialog has waited for it, too
  forgetWrap(wrap.hash);
  if (end === "done") toast.done(texts.trade.wrapDone(wrap.title), texts.trade.wrapNext);
  else toast.refused(end === "late" ? texts.trade.wrapLate : texts.trade.wrapReverted);
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
