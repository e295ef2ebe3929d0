// An allowlist as people keep it: one address a line, perhaps exported from a table.

import { type AddressFault, addressFault } from "./addresses.ts";

export interface WrongLine {
  /** As an editor counts them: the first is 1. */
  line: number;
  text: string;
  fault: AddressFault | "twice";
  /** Of an address that is there twice: the line that has it first. */
  first?: number;
}

export interface ReadList {
  readonly addresses: readonly string[];
  readonly wrong: readonly WrongLine[];
}

const HEADINGS = /^(address|wallet|account|wallet[ _]?address|ethereum[ _]?address)s?$/i;

/** The last list that was read: a form reads it at each keystroke in any of its fields, and each address is a hash. */
let last: { text: string; list: ReadList } | undefined;

/** Reads the first cell of each line. Blank lines, a heading and lines that begin with `#` are left out. */
export function readAllowlist(text: string): ReadList {
  if (last?.text !== text) last = { text, list: read(text) };
  return last.list;
}

function read(text: string): ReadList {
  const addresses: string[] = [];
  const wrong: WrongLine[] = [];
  const seen = new Map<string, number>();
  text.split(/\r\n|\r|\n/).forEach((raw, index) => {
    const line = index + 1;
    const cell = firstCell(raw);
    if (cell === "" || cell.startsWith("#") || (seen.size === 0 && HEADINGS.test(cell))) return;
    const fault = addressFault(cell);
    const first = seen.get(cell.toLowerCase());
    if (fault !== undefined) wrong.push({ line, text: cell, fault });
    else if (first !== undefined) wrong.push({ line, text: cell, fault: "twice", first });
    else {
      seen.set(cell.toLowerCase(), line);
      addresses.push(cell);
    }
  });
  return { addresses, wrong };
}

function firstCell(line: string): string {
  const cell = line.replace(/^\uFEFF/, "").split(/[,;\t]/, 1)[0] ?? "";
  return cell
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();
}
