// 1,000 random orders with their hashes and signatures, and 120 criteria trees, as @opensea/seaport-js 4.3.0 makes them.
// The same bytes on every run. Takes half a minute.
//
//   node vectors.mjs [--out ../../tests/unit/domain/market/seaport_js.json.gz]
//
// {chain, seaport, orders: [[components, hash, signature]], criteria: [[ids, root, id, proof]]}. Components are lists in
// the order of the ABI. A signature has 65 bytes, 64 (EIP-2098), or the form of a bulk order.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { Seaport } from "@opensea/seaport-js";
import { CROSS_CHAIN_SEAPORT_V1_6_ADDRESS, EIP_712_ORDER_TYPE } from "@opensea/seaport-js/lib/constants.js";
import { MerkleTree } from "@opensea/seaport-js/lib/utils/merkletree.js";
import { ethers } from "ethers";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: path.join(HERE, "../../tests/unit/domain/market/seaport_js.json.gz") },
  },
});
const CHAIN = 31337;
const ORDERS = 1000;
const TREES = 120;
const MAX = (1n << 256n) - 1n;

let drawn = 0;
/** The next 256 random bits: a hash of a count, so that every run draws the same. */
const draw = () => BigInt(ethers.keccak256(ethers.toUtf8Bytes(`seaport vectors ${drawn++}`)));
const below = (limit) => Number(draw() % BigInt(limit));
const pick = (list) => list[below(list.length)];
const bytes = (count) => ethers.toBeHex(draw() >> BigInt(256 - 8 * count), count);

// Few contracts and accounts, so that the file packs well.
const wallets = Array.from({ length: 20 }, () => new ethers.Wallet(bytes(32)));
const places = Array.from({ length: 40 }, () => bytes(20));
places.push(ethers.ZeroAddress);

/** An amount: zero, small, in ether, any, or the largest. */
const amount = () => [0n, BigInt(below(100)), BigInt(below(10 ** 6)) * 10n ** 15n, draw(), MAX][below(20) ? 1 + below(2) : below(5)];
const identifier = () => pick([0n, BigInt(below(10_000)), BigInt(below(10_000)), draw()]);

const offerItem = () => ({
  itemType: below(6),
  token: pick(places),
  identifierOrCriteria: identifier().toString(),
  startAmount: amount().toString(),
  endAmount: amount().toString(),
});
const many = (make) => Array.from({ length: below(20) ? 1 + below(3) : below(8) }, make);

const components = (offerer) => ({
  offerer,
  zone: pick(places),
  offer: many(offerItem),
  consideration: many(() => ({ ...offerItem(), recipient: pick(places) })),
  orderType: below(4),
  startTime: String(1_700_000_000 + below(10 ** 8)),
  endTime: below(5) ? String(1_800_000_000 + below(10 ** 8)) : MAX.toString(),
  zoneHash: below(4) ? ethers.ZeroHash : bytes(32),
  salt: bytes(32),
  conduitKey: below(2) ? ethers.ZeroHash : bytes(32),
  counter: String(below(3) ? below(3) : draw()),
});

const provider = new ethers.JsonRpcProvider("http://127.0.0.1:1", CHAIN, { staticNetwork: true });
const clients = wallets.map((wallet) => new Seaport(wallet.connect(provider)));
const DOMAIN = { name: "Seaport", version: "1.6", chainId: CHAIN, verifyingContract: CROSS_CHAIN_SEAPORT_V1_6_ADDRESS };

const listed = (value) => (typeof value === "object" ? Object.values(value).map(listed) : value);

const orders = [];
while (orders.length < ORDERS) {
  const who = below(wallets.length);
  const [wallet, client] = [wallets[who], clients[who]];
  const room = ORDERS - orders.length;
  const form = below(3);
  const count = form < 2 ? 1 : Math.min(room, below(10) ? 1 + below(9) : 33);
  const made = Array.from({ length: count }, () => components(wallet.address));
  let signatures;
  if (form === 0) signatures = [await wallet.signTypedData(DOMAIN, EIP_712_ORDER_TYPE, made[0])];
  else if (form === 1) signatures = [await client.signOrder(made[0], wallet.address)];
  else signatures = (await client.signBulkOrder(made, wallet.address)).map(({ signature }) => signature);
  made.forEach((order, i) => orders.push([listed(order), client.getOrderHash(order), signatures[i]]));
}

const criteria = [];
for (let i = 0; i < TREES; i++) {
  const size = i < 40 ? i + 1 : 1 + below(400);
  const ids = [...new Set(Array.from({ length: size }, () => (below(50) ? BigInt(below(10 ** 5)) : draw()).toString()))];
  const tree = new MerkleTree(ids);
  const id = pick(ids);
  criteria.push([ids, tree.getRoot(), id, tree.getProof(id)]);
}

const text = JSON.stringify({ chain: CHAIN, seaport: CROSS_CHAIN_SEAPORT_V1_6_ADDRESS, orders, criteria });
fs.writeFileSync(options.out, gzipSync(text, { level: 9 }));
console.log(`${orders.length} orders, ${criteria.length} trees, ${fs.statSync(options.out).size} bytes`);
process.exit(0);
