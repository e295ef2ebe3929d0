// Generates both clients below `generated/`: node generate.mjs [address or file of openapi.json]
//
// Addresses, 32-byte values and other hex texts have the formats `address`, `bytes32` and `bytes` in the document. Both
// generators are told here that they are `0x${string}`, which is what viem and wagmi take.

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

import { $, createClient } from "@hey-api/openapi-ts";
import openapiTS, { astToString } from "openapi-typescript";

import { HEX, hexOrBlob } from "../../scripts/hex.mjs";

const source = process.argv[2] ?? "http://127.0.0.1:8080/openapi.json";
const output = new URL("generated/", import.meta.url);
await mkdir(output, { recursive: true });

const types = await openapiTS(source.includes("://") ? new URL(source) : pathToFileURL(source), {
  transform: hexOrBlob,
});
await writeFile(new URL("openapi-typescript.ts", output), astToString(types));

await createClient({
  input: source,
  output: { path: fileURLToPath(new URL("hey-api", output)), module: { extension: ".ts" } },
  logs: { level: "warn", file: false },
  plugins: [
    "@hey-api/client-fetch",
    "@hey-api/sdk",
    {
      name: "@hey-api/typescript",
      $resolvers: {
        string: ({ schema }) => (HEX.has(schema.format) ? $.type.template("0x").add($.type("string")) : undefined),
      },
    },
  ],
});
