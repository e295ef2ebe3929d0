// Wrapping the chain's own currency, in which offers are paid: WETH9's `deposit()`.

import type { Hex, Schemas } from "~/api/client.ts";
import type { Provider } from "~/wallet/provider.ts";
import { WalletError } from "~/wallet/provider.ts";

const DEPOSIT = "0xd0e30db0";
const BALANCE_OF = "0x70a08231";
const LOOK_EVERY_MS = 1_000;

/** The contract of the wrapped currency; undefined on a chain without one. */
export function wrapperOf(chain: Schemas["ChainBody"]): Hex | undefined {
  return chain.contracts.find((one) => one.name === "wrapped_native")?.address;
}

/** Wraps what the account is short of, and waits until it is mined. `asking` is called before the wallet is asked. */
export async function wrapMissing(
  provider: Provider,
  wrapper: Hex,
  account: Hex,
  wanted: bigint,
  asking: () => void,
): Promise<void> {
  const data = `${BALANCE_OF}${account.slice(2).toLowerCase().padStart(64, "0")}`;
  const held = BigInt(
    (await provider.request({
      method: "eth_call",
      params: [{ to: wrapper, data }, "latest"],
    })) as string,
  );
  if (held >= wanted) return;
  asking();
  const call = {
    from: account,
    to: wrapper,
    data: DEPOSIT,
    value: `0x${(wanted - held).toString(16)}`,
  };
  const hash = await provider.request({
    method: "eth_sendTransaction",
    params: [call],
  });
  for (;;) {
    const receipt = (await provider.request({
      method: "eth_getTransactionReceipt",
      params: [hash],
    })) as { status: Hex } | null;
    if (receipt !== null) {
      if (BigInt(receipt.status) === 1n) return;
      throw new WalletError("failed", "The wrapping was reverted");
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
