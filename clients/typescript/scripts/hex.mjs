// Addresses, 32-byte values and other hex texts have the formats `address`, `bytes32` and `bytes` in the document. They
// become `0x${string}`, which is what viem and wagmi take. Files become `Blob`.

import ts from "typescript";

const { factory, SyntaxKind } = ts;

export const HEX = new Set(["address", "bytes32", "bytes"]);

/** What `openapi-typescript` makes of a schema; undefined to leave that to it. */
export function hexOrBlob(schema) {
  if (schema.format === "binary") return factory.createTypeReferenceNode("Blob");
  if (!HEX.has(schema.format)) return undefined;
  const text = factory.createKeywordTypeNode(SyntaxKind.StringKeyword);
  const span = factory.createTemplateLiteralTypeSpan(text, factory.createTemplateTail(""));
  return factory.createTemplateLiteralType(factory.createTemplateHead("0x"), [span]);
}
