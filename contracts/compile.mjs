// Compiles src/ (the product) and test/ (helpers of the tests and the demo) with solc-js, offline and
// deterministically: no metadata hash in the bytecode, one source unit name per file, sorted output.
//
//   node compile.mjs [--out artifacts] [--modules node_modules]
//
// Writes <out>/<Contract>.json and <out>/test/<Contract>.json, and with the default <out> also compiled.sha256: what
// went in and what came out, as `sha256sum --check` reads it.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { importsBy, writeArtifact } from "./artifact.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ARTIFACTS = path.join(HERE, "artifacts");
const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: ARTIFACTS },
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

const COMPILER = { version: solc.version(), evmVersion: SETTINGS.evmVersion, optimizer: SETTINGS.optimizer };

/** Source files of one folder as solc units, e.g. {"src/Types.sol": {content}}. */
function unitsOf(folder) {
  const files = fs.readdirSync(path.join(HERE, folder)).filter((name) => name.endsWith(".sol")).sort();
  return Object.fromEntries(files.map((name) => [`${folder}/${name}`, { content: read(`${folder}/${name}`) }]));
}

/** Writes the digest of each file that the artifacts follow from, and of each artifact. */
function recordDigests() {
  const under = (folder, ending) =>
    fs.readdirSync(path.join(HERE, folder)).filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name}`);
  const inputs = ["artifact.mjs", "compile.mjs", "package-lock.json", ...under("src", ".sol"), ...under("test", ".sol")];
  const files = [...inputs, ...under("artifacts", ".json"), ...under("artifacts/test", ".json")].sort();
  const digest = (file) => createHash("sha256").update(fs.readFileSync(path.join(HERE, file))).digest("hex");
  fs.writeFileSync(path.join(HERE, "compiled.sha256"), files.map((file) => `${digest(file)}  ${file}\n`).join(""));
}

/** Text of a unit: ours by its path beside this file, a library's by its path in the modules folder. */
function read(unit) {
  const own = unit.startsWith("src/") || unit.startsWith("test/");
  return fs.readFileSync(path.join(own ? HERE : MODULES, unit), "utf8");
}

function compile(sources) {
  const input = { language: "Solidity", sources, settings: SETTINGS };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: importsBy(read) }));
  const problems = (output.errors ?? []).filter(({ sourceLocation }) => sourceLocation?.file in sources);
  for (const problem of problems) console.error(problem.formattedMessage);
  if ((output.errors ?? []).some(({ severity }) => severity === "error")) {
    for (const error of output.errors) console.error(error.formattedMessage);
    process.exit(1);
  }
  return output.contracts;
}

for (const [folder, target] of [["src", OUT], ["test", path.join(OUT, "test")]]) {
  const sources = unitsOf(folder);
  const contracts = compile(sources);
  for (const unit of Object.keys(sources)) {
    for (const [name, contract] of Object.entries(contracts[unit] ?? {})) {
      const isDeployable = contract.evm.bytecode.object !== ""; // neither an interface nor a base
      if (isDeployable) writeArtifact(target, name, contract, COMPILER, read);
    }
  }
}

if (OUT === ARTIFACTS) recordDigests();
