// Compiles Seaport 1.6 and its conduits from the npm packages seaport-core and seaport-types, with the compiler and the
// settings of the canonical deployment. Takes about a minute; the artifacts are committed.
//
//   node compile.mjs [--out ../artifacts/seaport] [--modules node_modules]
//
// The init code of Seaport gives its canonical address by CREATE2, which tests/contracts/test_artifacts.py checks. The
// canonical ConduitController was made by an older compiler, so the bytes of this one differ; its rules do not.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

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

function resolveImport(unit) {
  try {
    return { contents: read(unit) };
  } catch (error) {
    return { error: error.message };
  }
}

/** One hash over all files the contract was compiled from. */
function hashSources(metadata) {
  const hash = createHash("sha256");
  for (const unit of Object.keys(JSON.parse(metadata).sources).sort()) hash.update(`${unit}\0${read(unit)}\0`);
  return hash.digest("hex");
}

const sources = Object.fromEntries(Object.values(UNITS).map((unit) => [unit, { content: read(unit) }]));
const input = { language: "Solidity", sources, settings: SETTINGS };
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: resolveImport }));
const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
for (const error of errors) console.error(error.formattedMessage);
if (errors.length > 0) process.exit(1);

fs.mkdirSync(OUT, { recursive: true });
for (const [name, unit] of Object.entries(UNITS)) {
  const contract = output.contracts[unit][name];
  const artifact = {
    contractName: name,
    compiler: { version: solc.version(), evmVersion: SETTINGS.evmVersion, optimizer: SETTINGS.optimizer, viaIR: true },
    sourceSha256: hashSources(contract.metadata),
    abi: contract.abi,
    bytecode: `0x${contract.evm.bytecode.object}`,
    deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
  };
  fs.writeFileSync(path.join(OUT, `${name}.json`), `${JSON.stringify(artifact, null, 1)}\n`);
  console.log(`${name.padEnd(24)} ${String(contract.evm.deployedBytecode.object.length / 2).padStart(6)} bytes`);
}
