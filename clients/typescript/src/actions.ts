// What a user does on chain. Each is a flow: iterate over its events, or wait for its `outcome()`.

import type { Client } from "./client.ts";
import { type IntentFlow, type IntentOptions, intentFlow } from "./intents.ts";
import type { PreparedFill, Schemas } from "./types.ts";
import type { Wallet } from "./wallet.ts";

export function createCollection(
  client: Client,
  wallet: Wallet,
  body: Schemas["PrepareCollectionBody"],
  options?: IntentOptions,
): IntentFlow {
  return intentFlow(client, wallet, "/v1/collections/prepare", body, options);
}

export function mint(
  client: Client,
  wallet: Wallet,
  body: Schemas["PrepareMintBody"],
  options?: IntentOptions,
): IntentFlow {
  return intentFlow(client, wallet, "/v1/mints/prepare", body, options);
}

export function airdrop(
  client: Client,
  wallet: Wallet,
  body: Schemas["PrepareAirdropBody"],
  options?: IntentOptions,
): IntentFlow {
  return intentFlow(client, wallet, "/v1/airdrops/prepare", body, options);
}

/** Gives an approval, or takes it back. */
export function approve(
  client: Client,
  wallet: Wallet,
  body: Schemas["PrepareApproveBody"],
  options?: IntentOptions,
): IntentFlow {
  return intentFlow(client, wallet, "/v1/approvals/prepare", body, options);
}

/** Buys listings: 1 to 50 in one transaction, behind an approval if one is missing. */
export function purchase(
  client: Client,
  wallet: Wallet,
  body: Schemas["PreparePurchaseBody"],
  options?: IntentOptions,
): IntentFlow<PreparedFill> {
  return intentFlow(client, wallet, "/v1/purchases/prepare", body, options);
}

/** Accepts an offer, behind the approvals that are missing. */
export function sale(
  client: Client,
  wallet: Wallet,
  body: Schemas["PrepareSaleBody"],
  options?: IntentOptions,
): IntentFlow<PreparedFill> {
  return intentFlow(client, wallet, "/v1/sales/prepare", body, options);
}

/** Cancels orders on chain. */
export function cancel(
  client: Client,
  wallet: Wallet,
  body: Schemas["PrepareCancelBody"],
  options?: IntentOptions,
): IntentFlow {
  return intentFlow(client, wallet, "/v1/cancellations/prepare", body, options);
}

/** Launches a fungible token. */
export function launchToken(
  client: Client,
  wallet: Wallet,
  body: Schemas["PrepareLaunchBody"],
  options?: IntentOptions,
): IntentFlow {
  return intentFlow(client, wallet, "/v1/tokens-fungible/prepare", body, options);
}
