// The message of EIP-4361, as both programs sign it.

import type { Hex } from "./wallet.ts";

export interface Site {
  /** Scheme, host and port of the page, such as `http://localhost:3000`. */
  origin: string;
  /** CAIP-2, such as `eip155:31337`. */
  chainId: string;
}

export function signInMessage(site: Site, address: Hex, nonce: { nonce: string; issuedAt: string }): string {
  return [
    `${domainOf(site)} wants you to sign in with your Ethereum account:`,
    address,
    "",
    "Sign in to Steadymint.",
    "",
    `URI: ${site.origin}`,
    "Version: 1",
    `Chain ID: ${chainNumber(site.chainId)}`,
    `Nonce: ${nonce.nonce}`,
    `Issued At: ${nonce.issuedAt}`,
  ].join("\n");
}

export function domainOf(site: Site): string {
  return new URL(site.origin).host;
}

export function chainNumber(chainId: string): number {
  return Number(chainId.replace("eip155:", ""));
}
