// The tree of an allowlist, as OpenZeppelin's `StandardMerkleTree` over `["address"]` builds it.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";

import type { Hex } from "~/api/client.ts";

/** What the contract compares with: twice hashed, so that no inner node passes for a leaf. */
function leafOf(address: string): Uint8Array {
  const word = new Uint8Array(32);
  word.set(hexToBytes(address.slice(2).toLowerCase()), 12);
  return keccak_256(keccak_256(word));
}

function parentOf(one: Uint8Array, other: Uint8Array): Uint8Array {
  return keccak_256(compare(one, other) < 0 ? concatBytes(one, other) : concatBytes(other, one));
}

function compare(one: Uint8Array, other: Uint8Array): number {
  for (let index = 0; index < one.length; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export interface Allowlist {
  root: Hex;
  /** That the address is on the list; undefined if it is not. */
  proofOf(address: string): Hex[] | undefined;
}

/** The tree over the addresses, in any order. There must be at least one, and none twice. */
export function allowlistOf(addresses: readonly string[]): Allowlist {
  const leaves = addresses.map((address) => ({ address: address.toLowerCase(), hash: leafOf(address) }));
  leaves.sort((one, other) => compare(one.hash, other.hash));
  const size = 2 * leaves.length - 1;
  const tree = new Array<Uint8Array>(size);
  const places = new Map<string, number>();
  leaves.forEach(({ address, hash }, index) => {
    tree[size - 1 - index] = hash;
    places.set(address, size - 1 - index);
  });
  const at = (place: number): Uint8Array => tree[place] ?? new Uint8Array(32);
  for (let place = size - 1 - leaves.length; place >= 0; place--) {
    tree[place] = parentOf(at(2 * place + 1), at(2 * place + 2));
  }
  return {
    root: hex(at(0)),
    proofOf(address) {
      let place = places.get(address.toLowerCase());
      if (place === undefined) return undefined;
      const proof: Hex[] = [];
      for (; place > 0; place = (place - 1) >> 1) proof.push(hex(at(place % 2 === 0 ? place - 1 : place + 1)));
      return proof;
    },
  };
}

function hex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}
