// The development wallet: the accounts of the local chain, whose node signs for everybody. Its money is worth nothing.

import type { Hex, Schemas } from "~/api/client.ts";
import type { WalletChoice } from "./discovery.ts";
import { type Provider, WalletError } from "./provider.ts";

export const LOCAL_WALLET = "local";

/** A wallet that holds one account of the local chain's node. */
export function localWallet(rpcUrl: string, account: Hex, name: string): WalletChoice {
  const provider: Provider = {
    async request({ method, params = [] }) {
      if (method === "eth_accounts" || method === "eth_requestAccounts") return [account];
      if (method === "wallet_switchEthereumChain")
        throw new WalletError("wrong_chain", "It knows the local chain only");
      return await askNode(rpcUrl, method, params);
    },
  };
  return { id: LOCAL_WALLET, name, provider };
}

/** The accounts that the node signs for. The last one deploys the chain's contracts and is left out. */
export async function localAccounts(rpcUrl: string): Promise<Hex[]> {
  const accounts = (await askNode(rpcUrl, "eth_accounts", [])) as Hex[];
  return accounts.slice(0, -1);
}

export function localChainOf(
  chains: readonly Schemas["ChainBody"][],
): (Schemas["ChainBody"] & { rpcUrl: string }) | undefined {
  return chains.find((chain): chain is Schemas["ChainBody"] & { rpcUrl: string } => chain.rpcUrl !== undefined);
}

export async function askNode(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as {
    result?: unknown;
    error?: { code: number; message: string };
  };
  if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
  return result;
}
