// What the compile scripts share: how an import is found, and what an artifact holds. `read` gives the text of a unit.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** The callback by which solc finds the units that the sources import. */
export function importsBy(read) {
  return (unit) => {
    try {
      return { contents: read(unit) };
    } catch (error) {
      return { error: error.message };
    }
  };
}

/** One hash over all files the contract was compiled from, ours and the libraries'. */
function hashSources(metadata, read) {
  const hash = createHash("sha256");
  for (const unit of Object.keys(JSON.parse(metadata).sources).sort()) hash.update(`${unit}\0${read(unit)}\0`);
  return hash.digest("hex");
}

/** Writes `<folder>/<name>.json`. `compiler` is what the artifact says of the compiler. */
export function writeArtifact(folder, name, contract, compiler, read) {
  fs.mkdirSync(folder, { recursive: true });
  const artifact = {
    contractName: name,
    compiler,
    sourceSha256: hashSources(contract.metadata, read),
    abi: contract.abi,
    bytecode: `0x${contract.evm.bytecode.object}`,
    deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
  };
  fs.writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(artifact, null, 1)}\n`);
  console.log(`${name.padEnd(24)} ${String(contract.evm.deployedBytecode.object.length / 2).padStart(6)} bytes`);
}
