import { createWalletClient, custom, http, type WalletClient, type EIP1193Provider } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { mainnet } from "viem/chains";
import type { Wallet } from "../src/wallet.ts";
import { providerWallet } from "../src/wallet.ts";

declare const anyWallet: WalletClient;
declare const provider: EIP1193Provider;
export const a: Wallet = anyWallet;
export const b: Wallet = createWalletClient({ account: privateKeyToAccount("0x1"), transport: http() });
export const c: Wallet = createWalletClient({ account: "0x1", chain: mainnet, transport: custom(provider) });
export const d: Wallet = createWalletClient({ chain: mainnet, transport: custom(provider) });
export const e = providerWallet(provider, "0x1");
import { createSteadymint } from "../src/index.ts";
const sm = createSteadymint({ baseUrl: "" });
export async function f() {
  for await (const page of sm.pages("/v1/collections", { params: { query: { q: "a" } } })) page.items[0]?.slug.length;
  for await (const token of sm.items("/v1/collections/{chainId}/{contract}/tokens", { params: { path: { chainId: "a", contract: "b" } } })) token.tokenId.length;
  // @ts-expect-error the path's parameters are missing
  sm.items("/v1/collections/{chainId}/{contract}/tokens");
  for await (const c of sm.items("/v1/chains")) c.chainId.length;
  for await (const e of sm.purchase(anyWallet, { chainId: "", items: [], maxTotal: "1" })) {
    if (e.type === "prepared") e.prepared.total.length;
    if (e.type === "done" && e.outcome.status === "ready") e.outcome.intent.fills?.length;
  }
}
