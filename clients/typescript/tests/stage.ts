// Where the tests play: a running stack, told by the environment, and people who come to it.

import { createWalletClient, http, parseEther, toHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

import { createSteadymint, type ClientOptions, type Hex, type Steadymint, type Wallet } from "../src/index.ts";

interface Stage {
  api: string;
  rpc: string;
  origin: string;
  chainId: string;
  /** An ERC-721 collection in which everybody mints for nothing. */
  collection: Hex;
  /** The chain's own currency as an ERC-20 of the market. */
  wrapped: Hex;
}

export const { api, rpc: node, origin, chainId, collection, wrapped } = JSON.parse(process.env["STAGE"] ?? "{}") as Stage;

export async function rpc<T>(method: string, ...params: unknown[]): Promise<T> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(node, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = (await answer.json()) as { result: T; error?: { message: string } };
  if (error) throw new Error(error.message);
  return result;
}

/** Does the work while the chain makes blocks. */
export async function ticking<T>(work: () => Promise<T>): Promise<T> {
  const ticker = setInterval(() => rpc("evm_mine").catch(() => {}), 250);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

/** A wallet of viem with a new key and money. */
export async function newWallet() {
  const account = privateKeyToAccount(generatePrivateKey());
  await rpc("anvil_setBalance", account.address, toHex(parseEther("1000")));
  return createWalletClient({ account, transport: http(node) });
}

export interface Person {
  wallet: Wallet;
  steadymint: Steadymint;
}

/** Somebody who has signed in. */
export async function person(options: Partial<ClientOptions> = {}): Promise<Person> {
  const wallet = await newWallet();
  const steadymint = createSteadymint({ baseUrl: api, origin, ...options });
  await steadymint.signIn(wallet);
  return { wallet, steadymint };
}

/** The body of a free mint. */
export const ORDER = { chainId, contract: collection, standard: "erc721" } as const;

