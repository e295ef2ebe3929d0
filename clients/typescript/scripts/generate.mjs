// Writes `src/generated/` from the API's document: node scripts/generate.mjs [address or file of openapi.json]
//
// `api.ts` has the types of all paths and schemas. `lists.ts` has what a program needs at run time: the codes and names
// that are enumerations in the document, and the routes that take a session.

import { mkdir, readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";

import { hexOrBlob } from "./hex.mjs";

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
