// The wallet that is connected, and who is signed in. Kept over reloads; a wallet is asked only when it is needed.

import { useSyncExternalStore } from "react";

import { api, got, type Hex, type Schemas } from "~/api/client.ts";
import { currentSession, keepSession, onSessionChange, type Session } from "~/api/session.ts";
import { createStore, createStoredStore } from "~/lib/store.ts";
import { announcedWallet, type WalletChoice } from "./discovery.ts";
import { LOCAL_WALLET, localWallet } from "./local.ts";
import { accountsOf, useChain, WalletError } from "./provider.ts";

export interface Connected {
  walletId: string;
  walletName: string;
  address: Hex;
}

export interface Signer {
  choice: WalletChoice;
  address: Hex;
}

/** Which wallet was chosen. */
export const connected = createStoredStore<Connected | null>("steadymint.wallet", (stored) => stored as Connected | null);

interface Asking {
  resolve(session: Session): void;
  reject(error: unknown): void;
}

/** Set while somebody waits for the connect dialog. */
export const asking = createStore<Asking | null>(null);

/** The session, in components. Null for visitors. */
export function useSession(): Session | null {
  return useSyncExternalStore(onSessionChange, currentSession);
}

/** The session of whoever is signed in; else opens the connect dialog and waits. Throws `rejected` if it is closed. */
export function requireSession(): Promise<Session> {
  const session = currentSession();
  if (session !== null && connected.get() !== null) return Promise.resolve(session);
  return new Promise((resolve, reject) => {
    asking.get()?.reject(new WalletError("rejected", "Another dialog was opened"));
    asking.set({ resolve, reject });
  });
}

/** The wallet of the session, on the right chain and ready to sign. */
export async function requireSigner(chainId: string): Promise<Signer> {
  const session = await requireSession();
  const chain = await chainOf(chainId);
  const choice = await choiceOf(chain);
  const accounts = await accountsOf(choice.provider, true);
  const address = accounts.find((one) => one.toLowerCase() === session.address.toLowerCase());
  if (address === undefined) {
    throw new WalletError("failed", `The wallet does not show ${session.address}. Choose that account in it.`);
  }
  await useChain(choice.provider, chain);
  return { choice, address: session.address };
}

export function forgetWallet(): void {
  connected.set(null);
  keepSession(null);
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
