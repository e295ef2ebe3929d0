// What we ask of a wallet (EIP-1193), and its refusals as errors of ours.

import type { Hex, Schemas } from "~/api/client.ts";

export interface Provider {
  request(call: { method: string; params?: readonly unknown[] | object }): Promise<unknown>;
  on?(event: string, listener: (value: never) => void): void;
  removeListener?(event: string, listener: (value: never) => void): void;
}

export type WalletFailure = "rejected" | "busy" | "wrong_chain" | "funds" | "failed";

/** The wallet, or whoever holds it, did not do it. */
export class WalletError extends Error {
  override readonly name = "WalletError";

  constructor(
    readonly failure: WalletFailure,
    message: string,
  ) {
    super(message);
  }

  static of(error: unknown): WalletError {
    if (error instanceof WalletError) return error;
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    const message = error instanceof Error ? error.message : String((error as { message?: string })?.message ?? error);
    if (code === 4001 || code === "ACTION_REJECTED") return new WalletError("rejected", message);
    if (code === -32002) return new WalletError("busy", message);
    if (/insufficient funds/i.test(message)) return new WalletError("funds", message);
    return new WalletError("failed", message);
  }
}

export async function accountsOf(provider: Provider, ask: boolean): Promise<Hex[]> {
  return (await asked(provider, ask ? "eth_requestAccounts" : "eth_accounts")) as Hex[];
}

export async function signMessage(provider: Provider, address: Hex, message: string): Promise<Hex> {
  const bytes = new TextEncoder().encode(message);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return (await asked(provider, "personal_sign", [`0x${hex}`, address])) as Hex;
}

export async function signTypedData(provider: Provider, address: Hex, data: Schemas["TypedDataView"]): Promise<Hex> {
  return (await asked(provider, "eth_signTypedData_v4", [address, JSON.stringify(data)])) as Hex;
}

export async function sendTransaction(provider: Provider, tx: Schemas["TxRequest"]): Promise<Hex> {
  const call = { from: tx.from, to: tx.to, data: tx.data, value: quantity(tx.value), gas: tx.gas && quantity(tx.gas) };
  return (await asked(provider, "eth_sendTransaction", [call])) as Hex;
}

/** The wei that an account holds. */
export async function balanceOf(provider: Provider, address: Hex): Promise<bigint> {
  return BigInt((await asked(provider, "eth_getBalance", [address, "latest"])) as string);
}

/** Makes the wallet use the chain, and add it if it does not know it. */
export async function useChain(provider: Provider, chain: Schemas["ChainBody"]): Promise<void> {
  const chainId = quantity(String(chain.number));
  if (BigInt((await asked(provider, "eth_chainId")) as string) === BigInt(chain.number)) return;
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId }] });
  } catch (error) {
    const failed = WalletError.of(error);
    if (failed.failure === "rejected" || chain.rpcUrl === undefined) {
      throw failed.failure === "rejected" ? failed : new WalletError("wrong_chain", failed.message);
    }
    const { name: chainName, nativeCurrency, rpcUrl } = chain;
    const added = { chainId, chainName, rpcUrls: [rpcUrl], nativeCurrency: { name: nativeCurrency.symbol, ...nativeCurrency } };
    await asked(provider, "wallet_addEthereumChain", [added]);
  }
}

export async function asked(provider: Provider, method: string, params: readonly unknown[] = []): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    throw WalletError.of(error);
  }
}

function quantity(decimal: string): Hex {
  return `0x${BigInt(decimal).toString(16)}`;
}
