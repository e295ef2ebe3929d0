// Makes sdk.json: what the official SDK builds offline of some launches, and the Bitcoin halves by bitcoinjs-lib.
//
//   npm install --ignore-scripts rgbpp@0.6.0        in an empty folder
//   node sdk.mjs > sdk.json                         there
//
// Nothing is asked of a network: the SDK falls back to the cell deps that it brings along.
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.cwd(), "x.js"));
const axios = require("axios");
for (const one of [axios, axios.default]) {
  if (one?.Axios) one.Axios.prototype.request = () => Promise.reject(new Error("offline"));
}
const ckb = require("@rgbpp-sdk/ckb");
const utils = require("@nervosnetwork/ckb-sdk-utils");
const bitcoin = require("bitcoinjs-lib");

const P2WPKH = `0014${"ab".repeat(20)}`;
const P2TR = `5120${"cd".repeat(32)}`;
const CASES = [
  { network: "rgbpp:testnet3", name: "SiTa Token", symbol: "SITA", decimals: 8, supply: "2100000000000000", script: P2WPKH, cells: ["100000000000"] },
  { network: "rgbpp:signet", name: "Hafen Münze ⚓", symbol: "ANKER", decimals: 0, supply: "1", script: P2TR, cells: ["30000000000", "20000000001"] },
  { network: "rgbpp:mainnet", name: "x".repeat(60), symbol: "Y", decimals: 36, supply: String(2n ** 128n - 1n), script: P2WPKH, cells: ["90000000000", "1", "7777777"] },
];

const found = [];
for (const [number, one] of CASES.entries()) {
  const isMainnet = one.network === "rgbpp:mainnet";
  const btcTestnetType = one.network === "rgbpp:signet" ? "Signet" : "Testnet3";
  const seal = { txid: `${number}1`.repeat(32), vout: number, value: 20000 + number, script: one.script };
  const cells = one.cells.map((capacity, at) => ({ txHash: `0x${`2${at}`.repeat(32)}`, index: at, capacity }));
  const ownerArgs = ckb.buildRgbppLockArgs(seal.vout, seal.txid);
  const lock = ckb.genRgbppLockScript(ownerArgs, isMainnet, btcTestnetType);
  const collector = new ckb.Collector({ ckbNodeUrl: "http://127.0.0.1:1", ckbIndexerUrl: "http://127.0.0.1:1" });
  collector.getCells = async () =>
    cells.map(({ txHash, index, capacity }) => ({
      blockNumber: "0x1",
      outPoint: { txHash, index: `0x${index.toString(16)}` },
      output: { capacity: `0x${BigInt(capacity).toString(16)}`, lock, type: undefined },
      outputData: "0x",
      txIndex: "0x0",
    }));
  const { ckbRawTx, commitment } = await ckb.genRgbppLaunchCkbVirtualTx({
    collector,
    ownerRgbppLockArgs: ownerArgs,
    launchAmount: BigInt(one.supply),
    rgbppTokenInfo: { name: one.name, symbol: one.symbol, decimal: one.decimals },
    isMainnet,
    btcTestnetType,
  });
  const output = Buffer.from(one.script, "hex");
  const psbt = new bitcoin.Psbt({ network: isMainnet ? bitcoin.networks.bitcoin : bitcoin.networks.testnet });
  psbt.addInput({ hash: seal.txid, index: seal.vout, witnessUtxo: { script: output, value: seal.value } });
  psbt.addOutput({ script: bitcoin.payments.embed({ data: [Buffer.from(commitment, "hex")] }).output, value: 0 });
  psbt.addOutput({ script: output, value: 546 });
  psbt.addOutput({ script: output, value: 17000 });
  const btcTxId = psbt.data.globalMap.unsignedTx.tx.getId();
  const bound = ckb.updateCkbTxWithRealBtcTxId({ ckbRawTx, btcTxId, isMainnet });
  found.push({
    asked: { ...one, seal, cells, fee: seal.value - 546 - 17000 },
    commitment,
    virtual: ckbRawTx,
    virtualHash: utils.rawTransactionToHash(ckbRawTx),
    psbt: psbt.toBase64(),
    btcTxId,
    bound,
    boundHash: utils.rawTransactionToHash(bound),
  });
}
console.log(JSON.stringify(found, null, 1));
