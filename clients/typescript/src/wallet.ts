// What the client asks of a wallet. viem's `WalletClient` is one; so is an EIP-1193 provider behind `providerWallet`.

import type { Hex, Schemas, TxRequest } from "./types.ts";

export type TypedData = Schemas["TypedDataView"];

/** Which account: always the wallet's own. Each of viem's clients has a narrower type for it. */
interface OfAccount {
  account: any;
}

/** A transaction as viem takes it. `chain: null` says that the wallet is on the right chain already. */
export interface Call extends OfAccount {
  chain: null;
  to: Hex;
  data: Hex;
  value: bigint;
  gas?: bigint;
}

/** The part of viem's `WalletClient` that is used. Its account must be set. */
export interface Wallet {
  readonly account?: { readonly address: Hex } | undefined;
  getChainId(): Promise<number>;
  switchChain(to: { id: number }): Promise<void>;
  signMessage(what: OfAccount & { message: string }): Promise<Hex>;
  signTypedData(what: OfAccount & TypedData): Promise<Hex>;
  sendTransaction(call: Call): Promise<Hex>;
}

/** The user has said no in the wallet. `cause` is the wallet's own error. */
export class WalletRefusedError extends Error {
  override readonly name = "WalletRefusedError";

  constructor(cause: unknown) {
    super("The user has said no in the wallet", { cause });
  }
}

/** An EIP-1193 provider, such as an injected wallet's. */
export interface Provider {
  // Libraries type each method by itself: no type but `any` is one of all of theirs.
  request(call: { method: any; params?: any }): Promise<unknown>;
}

/** A wallet of one account of an EIP-1193 provider, without viem. */
export function providerWallet(provider: Provider, address: Hex): Wallet {
  const ask = (method: string, ...params: unknown[]) => provider.request({ method, params });
  return {
    account: { address },
    async getChainId() {
      return Number(await ask("eth_chainId"));
    },
    async switchChain({ id }) {
      await ask("wallet_switchEthereumChain", { chainId: quantity(BigInt(id)) });
    },
    async signMessage({ message }) {
      return hex(await ask("personal_sign", hexOfText(message), address));
    },
    async signTypedData({ account: _, ...typedData }) {
      return hex(await ask("eth_signTypedData_v4", address, JSON.stringify(typedData)));
    },
    async sendTransaction({ to, data, value, gas }) {
      const call = { from: address, to, data, value: quantity(value), ...(gas && { gas: quantity(gas) }) };
      return hex(await ask("eth_sendTransaction", call));
    },
  };
}

/** The address of the wallet's account. */
export function addressOf(wallet: Wallet): Hex {
  if (!wallet.account) throw new Error("The wallet has no account: connect it first");
  return wallet.account.address;
}

/** CAIP-2, such as `eip155:31337`. */
export async function chainOf(wallet: Wallet): Promise<string> {
  return `eip155:${await wallet.getChainId()}`;
}

/** Has the wallet go to the chain. Throws the signal's reason before the user would be asked for anything more. */
export async function goTo(wallet: Wallet, chainId: string, signal: AbortSignal | undefined): Promise<void> {
  const id = Number(chainId.replace("eip155:", ""));
  const isThere = (await wallet.getChainId()) === id;
  signal?.throwIfAborted();
  if (isThere) return;
  await wallet.switchChain({ id });
  signal?.throwIfAborted();
}

/**
 * The hash of a transaction that the wallet has sent, on the chain of the request. Throws `WalletRefusedError`, or the
 * signal's reason if it is aborted before the wallet is asked to send.
 */
export async function send(
  wallet: Wallet,
  { chainId, to, data, value, gas }: TxRequest,
  signal: AbortSignal | undefined,
): Promise<Hex> {
  return await asked(async () => {
    await goTo(wallet, chainId, signal);
    const limit = gas === undefined ? {} : { gas: BigInt(gas) };
    return await wallet.sendTransaction({ account: wallet.account, chain: null, to, data, value: BigInt(value), ...limit });
  });
}

/** What the wallet answers. Throws `WalletRefusedError` if its user says no, else the wallet's own error. */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw isRefusal(error) ? new WalletRefusedError(error) : error;
  }
}

/** EIP-1193: 4001 the user refused. CAIP-25: 5000. The wallet's error may be the cause of a library's. */
function isRefusal(error: unknown): boolean {
  for (let cause = error; cause; cause = (cause as Error).cause) {
    const { code } = cause as { code?: unknown };
    if (code === 4001 || code === 5000 || code === "ACTION_REJECTED") return true;
  }
  return false;
}

function hexOfText(text: string): Hex {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0"));
  return `0x${bytes.join("")}`;
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}

function hex(value: unknown): Hex {
  if (typeof value === "string" && /^0x[0-9a-f]*$/i.test(value)) return value as Hex;
  throw new Error("The wallet answered with something else than hex");
}
