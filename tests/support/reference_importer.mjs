// CIDs by the reference importer, with the options that `ipfs add --cid-version=1` has. Must lie in the folder in which
// npm has installed ipfs-unixfs-importer: node reference_importer.mjs request.json
//
// Request: {"files": [path, ...], "directories": [{name: path, ...}, ...]}. Answer: the same shape, with {cid, size} for
// each; size is that of all blocks together, duplicates counted.
import fs from 'node:fs'
import { MemoryBlockstore } from 'blockstore-core'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'

const options = {
  cidVersion: 1,
  rawLeaves: true,
  reduceSingleLeafToSelf: true,
  chunker: fixedSize({ chunkSize: 262144 }),
  layout: balanced({ maxChildrenPerNode: 174 }),
  wrapWithDirectory: false,
  shardSplitThresholdBytes: 262144
}

const root = async (source) => {
  let last
  for await (const made of importer(source, new MemoryBlockstore(), options)) last = made
  return { cid: last.cid.toString(), size: Number(last.size) }
}

const request = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))
const answer = { files: [], directories: [] }
for (const file of request.files) {
  answer.files.push(await root([{ content: fs.createReadStream(file, { highWaterMark: 262144 }) }]))
}
for (const directory of request.directories) {
  const entries = Object.entries(directory)
  answer.directories.push(
    await root(entries.map(([name, file]) => ({ path: `d/${name}`, content: [fs.readFileSync(file)] })))
  )
}
process.stdout.write(JSON.stringify(answer))
