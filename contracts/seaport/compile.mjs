// Compiles Seaport 1.6 and its conduits from the npm packages seaport-core and seaport-types, with the compiler and the
// settings of the canonical deployment. Takes about a minute; the artifacts are committed.
//
//   node compile.mjs [--out ../artifacts/seaport] [--modules node_modules]
//
// The init code of Seaport gives its canonical address by CREATE2, which tests/contracts/test_artifacts.py checks. The
// canonical ConduitController was made by an older compiler, so the bytes of this one differ; its rules do not.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { importsBy, writeArtifact } from "../artifact.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: path.join(HERE, "..", "artifacts", "seaport") },
    modules: { type: "string", default: path.join(HERE, "node_modules") },
  },
});
const OUT = path.resolve(options.out);
const MODULES = path.resolve(options.modules);
const solc = createRequire(path.join(MODULES, "-"))("solc");

const UNITS = {
  Seaport: "seaport-core/src/Seaport.sol",
  ConduitController: "seaport-core/src/conduit/ConduitController.sol",
  Conduit: "seaport-core/src/conduit/Conduit.sol",
};
const SETTINGS = {
  evmVersion: "cancun",
  viaIR: true,
  optimizer: { enabled: true, runs: 4294967295 },
  metadata: { bytecodeHash: "none" },
  outputSelection: { "*": { "*": ["abi", "metadata", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

const read = (unit) => fs.readFileSync(path.join(MODULES, unit), "utf8");

const sources = Object.fromEntries(Object.values(UNITS).map((unit) => [unit, { content: read(unit) }]));
const input = { language: "Solidity", sources, settings: SETTINGS };
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: importsBy(read) }));
const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
for (const error of errors) console.error(error.formattedMessage);
if (errors.length > 0) process.exit(1);

const compiler = { version: solc.version(), evmVersion: SETTINGS.evmVersion, optimizer: SETTINGS.optimizer, viaIR: true };
for (const [name, unit] of Object.entries(UNITS)) writeArtifact(OUT, name, output.contracts[unit][name], compiler, read);
