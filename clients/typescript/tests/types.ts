// What front ends write, as far as the compiler can judge it. Nothing here runs.

import { createWalletClient, custom, type EIP1193Provider, http, type WalletClient } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";

import { createSteadymint, type ProblemCode, providerWallet, type Wallet } from "../src/index.ts";

declare const provider: EIP1193Provider;
declare const anyClient: WalletClient;

/** Every form of viem's wallet client is a wallet, and so is an account of an EIP-1193 provider. */
export const wallets: Wallet[] = [
  anyClient,
  createWalletClient({ account: privateKeyToAccount("0x1"), transport: http() }),
  createWalletClient({ account: "0x1", chain: foundry, transport: custom(provider) }),
  createWalletClient({ chain: foundry, transport: custom(provider) }),
  providerWallet(provider, "0x1"),
];

const steadymint = createSteadymint({ baseUrl: "" });
const path = { chainId: "eip155:31337", contract: "harbour-lights" };

export async function lists(): Promise<void> {
  for await (const { items } of steadymint.pages("/v1/collections", { params: { query: { q: "lamp" } } })) {
    for (const { slug } of items) slug.toUpperCase();
  }
  for await (const { tokenId } of steadymint.items("/v1/collections/{chainId}/{contract}/tokens", { params: { path } })) {
    tokenId.toUpperCase();
  }
  for await (const { chainId } of steadymint.items("/v1/chains")) chainId.toUpperCase();
  // @ts-expect-error the path has parameters
  steadymint.items("/v1/collections/{chainId}/{contract}/tokens");
  // @ts-expect-error it is no list
  steadymint.items("/v1/me");
}

export async function flows(): Promise<void> {
  const order = { chainId: path.chainId, items: [], maxTotal: "1" };
  for await (const event of steadymint.purchase(anyClient, order)) {
    if (event.type === "prepared") event.prepared.total.toUpperCase();
    if (event.type === "done" && event.outcome.status === "ready") event.outcome.intent.fills?.length;
    // @ts-expect-error only a problem has codes
    if (event.type === "done") event.outcome.code;
  }
}

export function advice(code: ProblemCode): string {
  switch (code) {
    case "not_eligible":
      return "Wait for the sale to begin.";
    // @ts-expect-error there is no such code
    case "not_elligible":
    default:
      return code;
  }
}
