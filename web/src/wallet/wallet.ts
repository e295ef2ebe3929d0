// The wallet that was chosen. It is kept over reloads, and asked only when something is to be signed.

import { providerWallet, type Session, type Wallet } from "@steadymint/client";

import { api, got, type Hex, type Schemas } from "~/api/client.ts";
import { currentSession } from "~/api/session.ts";
import { hasShape } from "~/lib/shapes.ts";
import { createStore, createStoredStore } from "~/lib/store.ts";
import { announcedWallet, type WalletChoice } from "./discovery.ts";
import { LOCAL_WALLET, localWallet } from "./local.ts";
import { accountsOf, chooseChain, type Provider, WalletError } from "./provider.ts";

export interface Connected {
  walletId: string;
  walletName: string;
  address: Hex;
}

const SHAPE = { walletId: "string", walletName: "string", address: "string" } as const;

/** Which wallet was chosen. */
export const connected = createStoredStore<Connected | null>("steadymint.wallet", (stored) =>
  hasShape(stored, SHAPE) ? (stored as Connected) : null,
);

interface Asking {
  resolve(session: Session): void;
  reject(error: unknown): void;
}

/** Set while somebody waits for the connect dialog. */
export const asking = createStore<Asking | null>(null);

/** The session of whoever is signed in; else opens the connect dialog and waits. Throws `rejected` if it is closed. */
export function requireSession(): Promise<Session> {
  const session = currentSession();
  // A wallet that another account chose is none of this session's.
  if (session !== null && connected.get()?.address === session.address) return Promise.resolve(session);
  return new Promise((resolve, reject) => {
    asking.get()?.reject(new WalletError("rejected", "Another dialog was opened"));
    asking.set({ resolve, reject });
  });
}

/** The wallet of the session, which is not reached before it is asked for something. What the client's flows take. */
export function walletOn(chainId: string, address: Hex): Wallet {
  let reached: Promise<Wallet> | undefined;
  const wallet = (): Promise<Wallet> => {
    reached ??= providerOn(chainId, address).then((provider) => providerWallet(provider, address));
    return reached;
  };
  return {
    account: { address },
    getChainId: async () => await (await wallet()).getChainId(),
    switchChain: async (to) => await (await wallet()).switchChain(to),
    signMessage: async (what) => await (await wallet()).signMessage(what),
    signTypedData: async (what) => await (await wallet()).signTypedData(what),
    sendTransaction: async (call) => await (await wallet()).sendTransaction(call),
  };
}

/** The provider of the session's wallet, on the right chain, with the account that signed in. */
export async function providerOn(chainId: string, address: Hex): Promise<Provider> {
  const chain = await chainOf(chainId);
  const { provider } = await choiceOf(chain);
  const accounts = await accountsOf(provider);
  if (!accounts.some((one) => one.toLowerCase() === address.toLowerCase())) {
    throw new WalletError("failed", `The wallet does not show ${address}. Choose that account in it.`);
  }
  await chooseChain(provider, chain);
  return provider;
}

/** The provider of the wallet that was chosen, to look at the chain by it. Its user is asked nothing. */
export async function chosenProvider(chainId: string): Promise<Provider> {
  return (await choiceOf(await chainOf(chainId))).provider;
}

export async function chainOf(chainId: string): Promise<Schemas["ChainBody"]> {
  const { items } = await got(api.GET("/v1/chains", { params: { query: { limit: 100 } } }));
  const chain = items.find((one) => one.chainId === chainId);
  if (chain === undefined) throw new WalletError("wrong_chain", `This marketplace does not know ${chainId}`);
  return chain;
}

async function choiceOf(chain: Schemas["ChainBody"]): Promise<WalletChoice> {
  const chosen = connected.get();
  if (chosen?.walletId === LOCAL_WALLET && chain.rpcUrl !== undefined) {
    return localWallet(chain.rpcUrl, chosen.address, chosen.walletName);
  }
  const choice = chosen === null ? undefined : await announcedWallet(chosen.walletId);
  if (choice === undefined) throw new WalletError("failed", `${chosen?.walletName ?? "The wallet"} does not answer`);
  return choice;
}
