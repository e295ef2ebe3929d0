// Signs in, uploads a picture, creates a collection, mints and follows, on types of openapi-typescript.

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "../generated/openapi-typescript.ts";
import { chainNumber, domainOf, signInMessage, type Site } from "./sign-in.ts";
import type { Hex, Wallet } from "./wallet.ts";

type Schemas = components["schemas"];
type Intent = Schemas["IntentView"];
type Problem = Schemas["Problem"];
type Prepared = Schemas["PreparedAnswer"];
type Streamed = paths["/v1/intents/{intentId}/events"]["get"]["responses"]["200"]["content"]["text/event-stream"];

export async function mintSomething(api: string, site: Site, wallet: Wallet, picture: Blob): Promise<Intent> {
  const client = createClient<paths>({ baseUrl: api });
  const token = await signIn(client, site, wallet);
  client.use({
    onRequest({ request }) {
      request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
  });

  const asset = await client.POST("/v1/media", {
    body: { file: picture },
    bodySerializer: ({ file }) => {
      const form = new FormData();
      form.set("file", file, "picture.png");
      return form;
    },
  });
  const collection = await client.POST("/v1/collections/prepare", {
    body: {
      chainId: site.chainId,
      standard: "erc721",
      name: "Lights",
      symbol: "LITE",
      imageMediaId: got(asset).mediaId,
      mint: { price: "1000000000000000" },
    },
  });
  const created = await finish(client, wallet, got(collection));
  const contract: Hex | undefined = created.contract;
  if (contract === undefined) throw new Error("A collection that is ready has a contract");

  const mint = await client.POST("/v1/mints/prepare", {
    body: { chainId: site.chainId, contract, standard: "erc721", quantity: "2" },
    params: { header: { "Idempotency-Key": `mint of ${contract}` } },
  });
  return await finish(client, wallet, got(mint));
}

async function signIn(client: Client<paths>, site: Site, wallet: Wallet): Promise<string> {
  const asked = { accountId: wallet.address, chainId: site.chainId, domain: domainOf(site) };
  const nonce = got(await client.POST("/v1/auth/nonce", { body: asked }));
  const message = signInMessage(site, wallet.address, nonce);
  const signature = await wallet.sign(message);
  const session = await client.POST("/v1/auth/verify", {
    body: { accountId: wallet.address, message, signature },
  });
  return got(session).accessToken;
}

async function finish(client: Client<paths>, wallet: Wallet, prepared: Prepared): Promise<Intent> {
  const { to, data, value, gas, chainId } = prepared.txRequest;
  const txHash = await wallet.send({
    chainId: chainNumber(chainId),
    to,
    data,
    value: BigInt(value),
    gas: gas === undefined ? undefined : BigInt(gas),
  });
  const params = { path: { intentId: prepared.intentId } };
  got(await client.POST("/v1/intents/{intentId}/track", { params, body: { txHash } }));
  const stream = await client.GET("/v1/intents/{intentId}/events", { params, parseAs: "stream" });
  for await (const intent of eventsOf(got(stream))) {
    if (intent.status === "pending") continue;
    if (intent.error) throw new Error(said(intent.error));
    return intent;
  }
  return got(await client.GET("/v1/intents/{intentId}", { params }));
}

async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Streamed> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of stream) {
    const events = (text + decoder.decode(piece, { stream: true })).split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = event.split("\n").find((line) => line.startsWith("data: "));
      if (data) yield JSON.parse(data.slice("data: ".length));
    }
  }
}

/** The answer. Throws where the API answered with a problem. */
function got<T>({ data, error }: { data?: T | null; error?: Problem }): T {
  if (data === undefined || data === null) throw new Error(error && `${error.code}: ${advice(error)}`);
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
function said(error: Schemas["IntentError"]): string {
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
