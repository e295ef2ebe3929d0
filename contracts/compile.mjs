// Compiles src/ (the product) and test/ (helpers of the tests and the demo) with solc-js, offline and
// deterministically: no metadata hash in the bytecode, one source unit name per file, sorted output.
//
//   node compile.mjs [--out artifacts] [--modules node_modules]
//
// Writes <out>/<Contract>.json and <out>/test/<Contract>.json.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: path.join(HERE, "artifacts") },
    modules: { type: "string", default: path.join(HERE, "node_modules") },
  },
});
const OUT = path.resolve(options.out);
const MODULES = path.resolve(options.modules);
const solc = createRequire(path.join(MODULES, "-"))("solc");

const SETTINGS = {
  evmVersion: "cancun", // transient storage for the reentrancy guard; every chain we list has it
  optimizer: { enabled: true, runs: 1000 },
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: { "*": { "*": ["abi", "metadata", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

/** Source files of one folder as solc units, e.g. {"src/Types.sol": {content}}. */
function unitsOf(folder) {
  const files = fs.readdirSync(path.join(HERE, folder)).filter((name) => name.endsWith(".sol")).sort();
  return Object.fromEntries(files.map((name) => [`${folder}/${name}`, { content: read(`${folder}/${name}`) }]));
}

/** Text of a unit: ours by its path beside this file, a library's by its path in the modules folder. */
function read(unit) {
  const own = unit.startsWith("src/") || unit.startsWith("test/");
  return fs.readFileSync(path.join(own ? HERE : MODULES, unit), "utf8");
}

function resolveImport(unit) {
  try {
    return { contents: read(unit) };
  } catch (error) {
    return { error: error.message };
  }
}

/** One hash over all files the contract was compiled from, ours and the libraries'. */
function hashSources(metadata) {
  const hash = createHash("sha256");
  for (const unit of Object.keys(JSON.parse(metadata).sources).sort()) hash.update(`${unit}\0${read(unit)}\0`);
  return hash.digest("hex");
}

function compile(sources) {
  const input = { language: "Solidity", sources, settings: SETTINGS };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: resolveImport }));
  const problems = (output.errors ?? []).filter(({ sourceLocation }) => sourceLocation?.file in sources);
  for (const problem of problems) console.error(problem.formattedMessage);
  if ((output.errors ?? []).some(({ severity }) => severity === "error")) {
    for (const error of output.errors) console.error(error.formattedMessage);
    process.exit(1);
  }
  return output.contracts;
}

function write(folder, name, contract) {
  fs.mkdirSync(folder, { recursive: true });
  const artifact = {
    contractName: name,
    compiler: { version: solc.version(), evmVersion: SETTINGS.evmVersion, optimizer: SETTINGS.optimizer },
    sourceSha256: hashSources(contract.metadata),
    abi: contract.abi,
    bytecode: `0x${contract.evm.bytecode.object}`,
    deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
  };
  fs.writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(artifact, null, 1)}\n`);
  console.log(`${name.padEnd(24)} ${String(contract.evm.deployedBytecode.object.length / 2).padStart(6)} bytes`);
}

for (const [folder, target] of [["src", OUT], ["test", path.join(OUT, "test")]]) {
  const sources = unitsOf(folder);
  const contracts = compile(sources);
  for (const unit of Object.keys(sources)) {
    for (const [name, contract] of Object.entries(contracts[unit] ?? {})) {
      if (contract.evm.bytecode.object !== "") write(target, name, contract); // skips interfaces and bases
    }
  }
}
