// Signing in with a wallet (EIP-4361), signing out, and linking further wallets.

import type { Client } from "./client.ts";
import { ProblemError, read } from "./problems.ts";
import type { Abortable, Hex, Schemas, Session } from "./types.ts";
import { patientlyAsOne } from "./waiting.ts";
import { addressOf, asked, chainOf, type Wallet } from "./wallet.ts";

export interface SignInOptions extends Abortable {
  /** The sentence that the wallet shows. */
  statement?: string | undefined;
  /** Takes back the deletion of the account, if its user has asked for it (`account_deleting`). */
  takeBackDeletion?: boolean | undefined;
}

export interface LinkOptions extends Abortable {
  statement?: string | undefined;
  /** Takes the wallet from another user. */
  move?: boolean | undefined;
}

/** Signs in by a message that the wallet signs. Throws `WalletRefusedError`, `ProblemError`. */
export async function signIn(client: Client, wallet: Wallet, options: SignInOptions = {}): Promise<Session> {
  const { signal, statement = "Sign in to Steadymint.", takeBackDeletion } = options;
  const proof = await prove(client, wallet, "/v1/auth/nonce", statement, signal);
  const body = takeBackDeletion === undefined ? proof : { ...proof, takeBackDeletion };
  const session = await read(client.api.POST("/v1/auth/verify", { body, ...(signal && { signal }) }));
  await client.session.set(session);
  return session;
}

/**
 * Ends the session, here and at the API. Here it is forgotten in any case, unless somebody else has signed in meanwhile.
 * Throws `ProblemError` or `SessionChangedError` if the API has not ended it.
 */
export async function signOut(client: Client, { signal }: Abortable = {}): Promise<void> {
  const session = await client.session.current();
  if (!session) return;
  try {
    await patientlyAsOne(client, () => read(client.api.POST("/v1/auth/logout", { ...(signal && { signal }) })), { signal });
  } catch (error) {
    if (!(error instanceof ProblemError && error.status === 401)) throw error; // 401: it had ended already
  } finally {
    await client.session.forget(session.userId);
  }
}

/** Links the wallet to the user who is signed in. Throws `WalletRefusedError`, `ProblemError`. */
export async function linkWallet(
  client: Client,
  wallet: Wallet,
  options: LinkOptions = {},
): Promise<Schemas["WalletBody"]> {
  const { signal, statement = "Link this wallet to your account on Steadymint.", move = false } = options;
  const proof = await prove(client, wallet, "/v1/me/wallets/nonce", statement, signal);
  return await read(client.api.POST("/v1/me/wallets", { body: { ...proof, move }, ...(signal && { signal }) }));
}

async function prove(
  client: Client,
  wallet: Wallet,
  route: "/v1/auth/nonce" | "/v1/me/wallets/nonce",
  statement: string,
  signal: AbortSignal | undefined,
) {
  const { origin } = client;
  if (!origin) throw new Error("Outside of a page createSteadymint must be given the `origin` to sign in for");
  const chainId = await chainOf(wallet);
  const accountId = await inEip55(client, addressOf(wallet), signal);
  const domain = new URL(origin).host;
  const nonce = await read(client.api.POST(route, { body: { accountId, chainId, domain }, ...(signal && { signal }) }));
  const message = [
    `${domain} wants you to sign in with your Ethereum account:`,
    accountId,
    "",
    statement,
    "",
    `URI: ${origin}`,
    "Version: 1",
    `Chain ID: ${chainId.replace("eip155:", "")}`,
    `Nonce: ${nonce.nonce}`,
    `Issued At: ${nonce.issuedAt}`,
  ].join("\n");
  const signature = await asked(() => wallet.signMessage({ account: wallet.account, message }));
  return { accountId, message, signature };
}

/** The address in the casing that EIP-4361 wants. Some wallets give it in lower case; then the API knows the casing. */
async function inEip55(client: Client, address: Hex, signal: AbortSignal | undefined): Promise<Hex> {
  const digits = address.slice(2);
  if (digits !== digits.toLowerCase() && digits !== digits.toUpperCase()) return address;
  const params = { path: { address } };
  return (await read(client.api.GET("/v1/accounts/{address}", { params, ...(signal && { signal }) }))).address;
}
