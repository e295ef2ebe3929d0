// Sign-in with Ethereum (EIP-4361): a nonce from the API, a message that the wallet signs, a session.

import { api, got, type Hex, type Schemas } from "~/api/client.ts";
import { keepSession } from "~/api/session.ts";
import { texts } from "~/texts.ts";
import { type Provider, signMessage } from "./provider.ts";

/** Throws a `WalletError` if the wallet does not sign, a `ProblemError` if the API refuses. */
export async function signIn(provider: Provider, address: Hex, chain: Schemas["ChainBody"]): Promise<void> {
  const domain = window.location.host;
  const nonce = await got(
    api.POST("/v1/auth/nonce", { body: { accountId: address, chainId: chain.chainId, domain } }),
  );
  const message = [
    `${domain} wants you to sign in with your Ethereum account:`,
    address,
    "",
    texts.wallet.statement,
    "",
    `URI: ${window.location.origin}`,
    "Version: 1",
    `Chain ID: ${chain.number}`,
    `Nonce: ${nonce.nonce}`,
    `Issued At: ${nonce.issuedAt}`,
  ].join("\n");
  const signature = await signMessage(provider, address, message);
  keepSession(await got(api.POST("/v1/auth/verify", { body: { accountId: address, message, signature } })));
}

/** Ends the session here, and at the API if it answers. */
export async function signOut(): Promise<void> {
  await api.POST("/v1/auth/logout").catch(() => undefined);
  keepSession(null);
}
