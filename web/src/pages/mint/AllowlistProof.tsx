// The proof that a wallet is on the list: made here, of the list that the creator published.

import { useMemo } from "react";

import { TextFileButton } from "~/forms/TextFileButton.tsx";
import { readAllowlist } from "~/lib/allowlist.ts";
import { allowlistOf } from "~/lib/merkle.ts";
import { texts } from "~/texts/mint.ts";
import { TextArea } from "~/ui/Field.tsx";

const WORDS = texts.allowlist;

export interface Proof {
  proof?: string[];
  wrong?: string;
}

/** The proof for `address` in the list of `text`, or what is wrong. */
export function proofIn(text: string, root: string, address: string): Proof {
  if (text.trim() === "") return { wrong: WORDS.empty };
  const { addresses, wrong } = readAllowlist(text);
  if (wrong[0] !== undefined) return { wrong: WORDS.broken(wrong[0].line) };
  if (addresses.length === 0) return { wrong: WORDS.empty };
  const list = allowlistOf(addresses);
  if (list.root !== root) return { wrong: WORDS.other };
  const proof = list.proofOf(address);
  return proof === undefined ? { wrong: WORDS.missing } : { proof };
}

interface Props {
  text: string;
  root: string;
  address: string | undefined;
  /** What was wrong with it when the mint was asked for. */
  said: string | undefined;
  onText(text: string): void;
}

export function AllowlistProof({ text, root, address, said, onText }: Props) {
  // A tree of the whole list: made once for each text.
  const found = useMemo(
    () => (address === undefined ? undefined : proofIn(text, root, address)),
    [text, root, address],
  );
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        label={WORDS.label}
        hint={WORDS.hint}
        name="list"
        rows={3}
        spellCheck={false}
        value={text}
        error={said ?? (text.trim() === "" ? undefined : found?.wrong)}
        onChange={(event) => onText(event.target.value)}
      />
      {found?.proof !== undefined && (
        <p role="status" className="font-medium text-accent text-sm">
          {WORDS.found}
        </p>
      )}
      {address === undefined && text.trim() !== "" && <p className="text-muted text-sm">{WORDS.signIn}</p>}
      <TextFileButton label={WORDS.file} onText={onText} />
    </div>
  );
}
