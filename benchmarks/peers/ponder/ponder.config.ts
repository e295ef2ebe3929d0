import { createConfig, factory } from "ponder";
import { type AbiEvent, parseAbi } from "viem";

// What to read, from the benchmark: see `environment` in benchmarks/ponder_process.py.
const { NODE_URL, NODE_WS, CHAIN_ID, START_BLOCK, END_BLOCK, COLLECTION, FACTORY, CREATED, RPC_ALIASES } = process.env;

// Ponder asks each RPC URL at most 20 times a second at first. Under several names one node is asked more often.
const rpc = Array.from({ length: Number(RPC_ALIASES) }, (_, i) => (i === 0 ? NODE_URL! : `${NODE_URL}/?alias=${i}`));

export default createConfig({
  ordering: "multichain",
  database: { kind: "postgres", connectionString: process.env.DATABASE_URL! },
  chains: { local: { id: Number(CHAIN_ID), rpc, ...(NODE_WS ? { ws: NODE_WS } : {}) } },
  contracts: {
    Collection: {
      chain: "local",
      abi: parseAbi(["event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)"]),
      address: FACTORY
        ? factory({
            address: FACTORY as `0x${string}`,
            event: JSON.parse(CREATED!) as AbiEvent,
            parameter: "collection",
          })
        : (COLLECTION as `0x${string}`),
      startBlock: Number(START_BLOCK),
      ...(END_BLOCK ? { endBlock: Number(END_BLOCK) } : {}),
    },
  },
});
