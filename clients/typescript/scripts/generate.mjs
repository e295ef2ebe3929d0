// Writes `src/generated/` from the API's document: node scripts/generate.mjs [address or file of openapi.json]
//
// `api.ts` has the types of all paths and schemas. `lists.ts` has what a program needs at run time: the codes and names
// that are enumerations in the document, and the routes that take a session.
//
// Addresses, 32-byte values and other hex texts have the formats `address`, `bytes32` and `bytes` in the document. They
// become `0x${string}`, which is what viem and wagmi take. Files become `Blob`.

import { mkdir, readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const HEX = new Set(["address", "bytes32", "bytes"]);
/** The schemas whose values are wanted at run time, and the names of their lists. */
const LISTS = {
  PROBLEM_CODES: "ProblemCode",
  INTENT_ERROR_CODES: "IntentErrorCode",
  INTENT_KINDS: "IntentKind",
  STEPS: "Step",
  FINDING_CODES: "Code",
};
const METHODS = ["get", "post", "put", "patch", "delete"];
const MADE = "// Made by scripts/generate.mjs of the API's document. Do not edit.\n\n";

const { factory, SyntaxKind } = ts;

function hexOrBlob(schema) {
  if (schema.format === "binary") return factory.createTypeReferenceNode("Blob");
  if (!HEX.has(schema.format)) return undefined;
  const text = factory.createKeywordTypeNode(SyntaxKind.StringKeyword);
  const span = factory.createTemplateLiteralTypeSpan(text, factory.createTemplateTail(""));
  return factory.createTemplateLiteralType(factory.createTemplateHead("0x"), [span]);
}

function list(name, values) {
  return `export const ${name} = [\n${values.map((value) => `  ${JSON.stringify(value)},\n`).join("")}] as const;\n`;
}

/** The operations that take a session, such as `GET /v1/me`. */
function withSession({ paths }) {
  return Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => operations[method]?.security).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** The document without titles and examples: they are for readers of `/docs`, and half of the text. */
function withoutExamples(part, named = false) {
  if (Array.isArray(part)) return part.map((one) => withoutExamples(one));
  if (part === null || typeof part !== "object") return part;
  const kept = Object.entries(part).filter(([key]) => named || !["title", "example", "examples"].includes(key));
  const inside = (key) => !named && (key === "properties" || key === "schemas");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutExamples(value, inside(key))]));
}

async function read(source) {
  if (source.includes("://")) return await (await fetch(source)).json();
  return JSON.parse(await readFile(source, "utf8"));
}

const source = process.argv[2] ?? "http://127.0.0.1:8080/openapi.json";
const output = new URL(process.argv[3] ?? "../src/generated/", import.meta.url);
const document = withoutExamples(await read(source));
await mkdir(output, { recursive: true });
const types = await openapiTS(document, { transform: hexOrBlob, alphabetize: true });
await writeFile(new URL("api.ts", output), MADE + astToString(types));
const lists = Object.entries(LISTS).map(([name, schema]) => list(name, document.components.schemas[schema].enum));
lists.push(list("WITH_SESSION", withSession(document).sort()));
await writeFile(new URL("lists.ts", output), MADE + lists.join("\n"));
