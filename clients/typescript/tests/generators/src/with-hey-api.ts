// Signs in, uploads a picture, creates a collection, mints and follows, on the client of @hey-api/openapi-ts.

import { client } from "../generated/hey-api/client.gen.ts";
import {
  getCollection,
  getIntent,
  issueNonce,
  prepareCollection,
  prepareMint,
  streamIntent,
  trackIntent,
  uploadMedia,
  verify,
} from "../generated/hey-api/sdk.gen.ts";
import type { IntentError, IntentView, PreparedAnswer, Problem } from "../generated/hey-api/types.gen.ts";
import { chainNumber, domainOf, signInMessage, type Site } from "./sign-in.ts";
import type { Hex, Wallet } from "./wallet.ts";

export async function mintSomething(api: string, site: Site, wallet: Wallet, picture: Blob): Promise<IntentView> {
  client.setConfig({ baseUrl: api });
  const token = await signIn(site, wallet);
  client.setConfig({ headers: { authorization: `Bearer ${token}` } });

  const asset = got(await uploadMedia({ body: { file: picture } }));
  const collection = await prepareCollection({
    body: {
      chainId: site.chainId,
      standard: "erc721",
      name: "Lamps",
      symbol: "LAMP",
      imageMediaId: asset.mediaId,
      mint: { price: "1000000000000000" },
    },
  });
  const created = await finish(wallet, got(collection));
  const contract: Hex | undefined = created.contract;
  if (contract === undefined) throw new Error("A collection that is ready has a contract");

  // Wherever a contract is taken, the collection's slug is taken too.
  const { slug } = got(await getCollection({ path: { chainId: site.chainId, contract } }));
  const mint = await prepareMint({
    body: { chainId: site.chainId, contract: slug, standard: "erc721", quantity: "2" },
    headers: { "Idempotency-Key": `mint of ${slug}` },
  });
  return await finish(wallet, got(mint));
}

async function signIn(site: Site, wallet: Wallet): Promise<string> {
  const asked = { accountId: wallet.address, chainId: site.chainId, domain: domainOf(site) };
  const message = signInMessage(site, wallet.address, got(await issueNonce({ body: asked })));
  const signature = await wallet.sign(message);
  return got(await verify({ body: { accountId: wallet.address, message, signature } })).accessToken;
}

async function finish(wallet: Wallet, prepared: PreparedAnswer): Promise<IntentView> {
  const { to, data, value, gas, chainId } = prepared.txRequest;
  const txHash = await wallet.send({
    chainId: chainNumber(chainId),
    to,
    data,
    value: BigInt(value),
    gas: gas === undefined ? undefined : BigInt(gas),
  });
  const path = { intentId: prepared.intentId };
  got(await trackIntent({ path, body: { txHash } }));
  const { stream } = await streamIntent({ path });
  for await (const intent of stream) {
    if (intent.status === "pending") continue;
    if (intent.error) throw new Error(said(intent.error));
    return intent;
  }
  return got(await getIntent({ path }));
}

/** The answer. Throws where the API answered with a problem. */
function got<T>({ data, error }: { data?: T; error?: Problem }): T {
  if (data === undefined) throw new Error(error && `${error.code}: ${advice(error)}`);
  return data;
}

/** Codes are an enumeration: a typing mistake in a `case` does not compile. */
function advice(problem: Problem): string {
  switch (problem.code) {
    case "unauthorized":
      return "Sign in again.";
    case "not_eligible":
      return `${problem.reason}: ${problem.detail}`;
    // @ts-expect-error there is no such code
    case "not_elligible":
    default:
      return problem.detail;
  }
}

/** All codes of an intent's error; one that is added stops this from compiling. */
function said(error: IntentError): string {
  switch (error.code) {
    case "call_reverted":
    case "transaction_mismatch":
    case "replaced":
    case "deadline_passed":
    case "cancelled":
      return error.detail;
    default:
      return error.code satisfies never;
  }
}
