// Signs in, uploads, creates a collection and mints, by any client: `{ run, watch, upload, close }`.

import * as spec from "./operations.mjs";

/** What `connect` gives for a token, or for none, is a client. Returns the status with which the mint ended. */
export async function mintSomething(connect, site, wallet, standard) {
  const token = await signIn(connect, site, wallet);
  const client = connect(token);
  const [picture] = (await client.upload(spec.UPLOAD, [pixel()])).uploadMedia;

  const named = { name: "Lights", symbol: "LITE", imageMediaId: picture.mediaId };
  const input = { chainId: site.chainId, standard, ...named };
  const made = (await client.run(spec.PREPARE_COLLECTION, { input })).prepareCreateCollection;
  const report = { intentId: made.intentId, chainId: site.chainId };
  const created = await wallet.send(made.txRequest);
  await client.run(spec.TRACK_COLLECTION, { ...report, txHash: created, address: made.previewAddress });
  const { address } = await ended(client, spec.ON_COLLECTION, "onCollectionStatus", made.intentId);
  if (address !== made.previewAddress) throw new Error(`${address} is not the address that was previewed`);

  const one = standard === "erc721" ? { quantity: "2" } : { items: [{ tokenId: "7", quantity: "2" }] };
  const document = standard === "erc721" ? spec.PREPARE_MINT_721 : spec.PREPARE_MINT_1155;
  const mint = { input: { chainId: site.chainId, contract: address, ...one } };
  const { prepared } = await client.run(document, mint);
  const txHash = await wallet.send(prepared.txRequest);
  await client.run(spec.TRACK_MINT, { ...report, intentId: prepared.intentId, txHash, contract: address });
  const status = await ended(client, spec.ON_MINT, "onMintStatus", prepared.intentId);
  await client.close();
  return status;
}

async function signIn(connect, site, wallet) {
  const client = connect(undefined);
  const input = { accountId: wallet.address, chainId: site.chainId, domain: new URL(site.origin).host };
  const { nonce } = (await client.run(spec.SIGN_IN, { input })).signInSiwe;
  const message = [
    `${input.domain} wants you to sign in with your Ethereum account:`,
    wallet.address,
    "",
    "Sign in to Steadymint.",
    "",
    `URI: ${site.origin}`,
    "Version: 1",
    `Chain ID: ${site.chainId.split(":")[1]}`,
    `Nonce: ${nonce}`,
    `Issued At: ${new Date().toISOString()}`,
  ].join("\n");
  const proof = { accountId: wallet.address, message, signature: await wallet.sign(message) };
  const { accessToken } = (await client.run(spec.VERIFY, { input: proof })).verifySiwe;
  await client.close();
  return accessToken;
}

/** The first status that is not pending. */
async function ended(client, document, field, intentId) {
  for await (const data of client.watch(document, { intentId })) {
    if (data[field].status !== "pending") return data[field];
  }
  throw new Error(`${field} ended while the intent was pending`);
}

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function pixel() {
  return new File([Uint8Array.from(atob(PIXEL), (letter) => letter.charCodeAt(0))], "pixel.png");
}
