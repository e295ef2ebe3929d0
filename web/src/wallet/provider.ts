// What we ask of a wallet (EIP-1193) beyond what the client asks of it, and its refusals as errors of ours.

import { WalletRefusedError } from "@steadymint/client";

import type { Hex, Schemas } from "~/api/client.ts";

export interface Provider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}

export type WalletFailure = "rejected" | "busy" | "wrong_chain" | "funds" | "failed";

/** The wallet, or whoever holds it, did not do it. */
export class WalletError extends Error {
  override readonly name = "WalletError";
  readonly failure: WalletFailure;

  constructor(failure: WalletFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** An error of a wallet as ours; undefined for one that did not come from a wallet. */
export function walletErrorOf(error: unknown): WalletError | undefined {
  if (error instanceof WalletError) return error;
  if (error instanceof WalletRefusedError) return new WalletError("rejected", error.message);
  if (typeof error !== "object" || error === null || !("code" in error) || typeof error.code !== "number")
    return undefined;
  const message = "message" in error ? String(error.message) : "";
  if (error.code === 4001) return new WalletError("rejected", message);
  if (error.code === -32002) return new WalletError("busy", message);
  return new WalletError(/insufficient funds/i.test(message) ? "funds" : "failed", message);
}

/** The accounts that the wallet shows us; asks its user if it shows none yet. */
export async function accountsOf(provider: Provider): Promise<Hex[]> {
  return (await provider.request({
    method: "eth_requestAccounts",
    params: [],
  })) as Hex[];
}

/** The wei that an account holds. */
export async function balanceOf(provider: Provider, address: Hex): Promise<bigint> {
  return BigInt(
    (await provider.request({
      method: "eth_getBalance",
      params: [address, "latest"],
    })) as string,
  );
}

/** Whether the wallet uses the chain of this number (EIP-155). */
export async function isOn(provider: Provider, number: number | bigint): Promise<boolean> {
  return BigInt((await provider.request({ method: "eth_chainId", params: [] })) as string) === BigInt(number);
}

/** Makes the wallet use the chain, and adds it if the wallet does not know it. */
export async function chooseChain(provider: Provider, chain: Schemas["ChainBody"]): Promise<void> {
  const chainId = `0x${chain.number.toString(16)}`;
  if (await isOn(provider, chain.number)) return;
  try {
    await provider.request({
      method: "wallet_switchEthereumChain",
      params: [{ chainId }],
    });
  } catch (error) {
    const failed = walletErrorOf(error);
    if (failed?.failure === "rejected") throw failed;
    if (chain.rpcUrl === undefined) throw new WalletError("wrong_chain", failed?.message ?? String(error));
    const nativeCurrency = {
      name: chain.nativeCurrency.symbol,
      ...chain.nativeCurrency,
    };
    const added = {
      chainId,
      chainName: chain.name,
      rpcUrls: [chain.rpcUrl],
      nativeCurrency,
    };
    await provider.request({
      method: "wallet_addEthereumChain",
      params: [added],
    });
  }
}
