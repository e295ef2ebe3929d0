// Addresses that people type or paste.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import { texts } from "~/texts/forms.ts";

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

export type AddressFault = "form" | "checksum" | "zero";

/** What is wrong with an address; undefined if nothing is. Casing counts only where it is mixed (EIP-55). */
export function addressFault(text: string): AddressFault | undefined {
  if (!ADDRESS.test(text)) return "form";
  if (/^0x0{40}$/.test(text)) return "zero";
  const plain = text.slice(2);
  const mixed = plain !== plain.toLowerCase() && plain !== plain.toUpperCase();
  return mixed && checksummed(text) !== text ? "checksum" : undefined;
}

/** The sentence about it, for a field that may be left empty. */
export function wrongAddress(text: string): string | undefined {
  const fault = text.trim() === "" ? undefined : addressFault(text.trim());
  return fault && texts.address[fault];
}

/** EIP-55: the casing that says whether an address was typed right. */
export function checksummed(address: string): string {
  const plain = address.slice(2).toLowerCase();
  const hash = bytesToHex(keccak_256(new TextEncoder().encode(plain)));
  const letters = [...plain].map((letter, place) =>
    Number.parseInt(hash[place] ?? "0", 16) > 7 ? letter.toUpperCase() : letter,
  );
  return `0x${letters.join("")}`;
}
