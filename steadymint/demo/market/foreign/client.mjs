// A trader who uses OpenSea's library and a wallet's key, and nothing of Steadymint.
//
// Reads requests from standard input, a line of JSON each, and answers each with one: {id, do, ...} -> {id, answer} or
// {id, error}. The first request is {id, do: "open", nodeUrl, privateKey, conduitKey, conduit}.
import { createInterface } from "node:readline";
import { Seaport } from "@opensea/seaport-js";
import { MerkleTree } from "@opensea/seaport-js/lib/utils/merkletree.js";
import { ethers } from "ethers";

let wallet;
let seaport;
let conduitKey;

/** The last action of a use case after its approvals, each in a block of its own. */
const carriedOut = async (useCase) => await (await useCase).executeAllActions();

/** The hash of a transaction that is in a block. */
const mined = async (transaction) => {
  const receipt = await transaction.wait();
  return receipt.hash;
};

/** An order as `matchOrders` takes it: it has to say how many payments were signed. */
const counted = ({ parameters, signature }) => ({
  parameters: { ...parameters, totalOriginalConsiderationItems: parameters.consideration.length },
  signature,
});

const deeds = {
  open: async ({ nodeUrl, privateKey, conduit, ...opened }) => {
    const provider = new ethers.JsonRpcProvider(nodeUrl, undefined, { pollingInterval: 100, cacheTimeout: -1 });
    wallet = new ethers.Wallet(privateKey, provider);
    conduitKey = opened.conduitKey;
    seaport = new Seaport(wallet, { conduitKeyToConduit: { [conduitKey]: conduit } });
    return wallet.address;
  },
  /** One order, signed: {parameters, signature}. */
  sign: ({ order }) => carriedOut(seaport.createOrder({ conduitKey, ...order }, wallet.address)),
  /** Several orders under one signature. */
  signAll: ({ orders }) =>
    carriedOut(seaport.createBulkOrders(orders.map((order) => ({ conduitKey, ...order })), wallet.address)),
  hash: async ({ parameters }) => seaport.getOrderHash(parameters),
  /** Fills an order: the hash of the transaction. `token` and `tokens` are of a trait offer: the one that is given, and
   * all that it takes. */
  fill: async ({ order, units, token, tokens }) => {
    const proof = tokens ? new MerkleTree(tokens).getProof(token) : [];
    const considerationCriteria = token ? [{ identifier: token, proof }] : [];
    const asked = { order, considerationCriteria, conduitKey, accountAddress: wallet.address };
    return await mined(await carriedOut(seaport.fulfillOrder(units ? { ...asked, unitsToFill: units } : asked)));
  },
  cancel: async ({ orders }) => await mined(await seaport.cancelOrders(orders, wallet.address).transact()),
  match: async ({ orders, fulfillments }) => {
    const asked = { orders: orders.map(counted), fulfillments, accountAddress: wallet.address };
    return await mined(await seaport.matchOrders(asked).transact());
  },
};

const written = (_, value) => (typeof value === "bigint" ? value.toString() : value);
const answer = (line) => process.stdout.write(`${JSON.stringify(line, written)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: deed, ...request } = JSON.parse(line);
  try {
    answer({ id, answer: await deeds[deed](request) });
  } catch (error) {
    answer({ id, error: error.shortMessage ?? error.message });
  }
}
process.exit(0);
