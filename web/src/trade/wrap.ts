// Wrapping the chain's own currency, in which offers are paid: WETH9's `deposit()`.

import type { Hex, Schemas } from "~/api/client.ts";
import { texts } from "~/texts.ts";
import type { Provider } from "~/wallet/provider.ts";
import { WalletError } from "~/wallet/provider.ts";

const DEPOSIT = "0xd0e30db0";
const BALANCE_OF = "0x70a08231";
const LOOK_EVERY_MS = 1_000;
/** After it the visitor is told to look into the wallet. What lands later is found when they try again. */
const LONGEST_MS = 5 * 60_000;

/** The contract of the wrapped currency; undefined on a chain without one. */
export function wrapperOf(chain: Schemas["ChainBody"]): Hex | undefined {
  return chain.contracts.find((one) => one.name === "wrapped_native")?.address;
}

/**
 * Wraps what the account is short of, and waits until it has it. `asking` is called before the wallet is asked. The
 * balance counts, not only the receipt: a transaction that the wallet sends again has another hash.
 */
export async function wrapMissing(
  provider: Provider,
  wrapper: Hex,
  account: Hex,
  wanted: bigint,
  asking: () => void,
): Promise<void> {
  const held = await wrappedOf(provider, wrapper, account);
  if (held >= wanted) return;
  asking();
  const call = {
    from: account,
    to: wrapper,
    data: DEPOSIT,
    value: `0x${(wanted - held).toString(16)}`,
  };
  const hash = await provider.request({ method: "eth_sendTransaction", params: [call] });
  const until = Date.now() + LONGEST_MS;
  while (Date.now() < until) {
    if ((await wrappedOf(provider, wrapper, account)) >= wanted) return;
    if (await isReverted(provider, hash)) throw new WalletError("failed", texts.trade.wrapReverted);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new WalletError("failed", texts.trade.wrapLate);
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

async function isReverted(provider: Provider, hash: unknown): Promise<boolean> {
  const receipt = (await provider.request({
    method: "eth_getTransactionReceipt",
    params: [hash],
  })) as { status: Hex } | null;
  return receipt !== null && BigInt(receipt.status) !== 1n;
}
