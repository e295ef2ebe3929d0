// An allowlist, typed or loaded from a file, with each line that is wrong.

import { TextFileButton } from "~/forms/TextFileButton.tsx";
import type { Form } from "~/forms/useForm.ts";
import { readAllowlist } from "~/lib/allowlist.ts";
import { texts } from "~/texts/create.ts";
import { TextArea } from "~/ui/Field.tsx";
import type { Draft } from "./draft.ts";

const WORDS = texts.allowlist;
const SHOWN = 8;
/** Wrong lines; a table in the wrong form has thousands. */

export function AllowlistField({ form }: { form: Form<Draft> }) {
  const { addresses, wrong } = readAllowlist(form.values.allowlist);
  return (
    <div className="flex flex-col gap-3">
      <TextArea
        {...form.bind("allowlist")}
        label={WORDS.label}
        hint={WORDS.hint}
        rows={5}
        spellCheck={false}
        placeholder={"address\n0x70997970C51812dc3A010C7d01b50e0d17dc79C8"}
      />
      {wrong.length > 0 && (
        <ul
          aria-label={WORDS.broken(wrong.length)}
          className="rounded-control bg-danger-soft px-4 py-3 text-danger text-sm"
        >
          {wrong.slice(0, SHOWN).map((line) => (
            <li key={line.line} className="break-all">
              {WORDS.line(line)}
            </li>
          ))}
          {wrong.length > SHOWN && <li>{WORDS.more(wrong.length - SHOWN)}</li>}
        </ul>
      )}
      {addresses.length > 0 && (
        <p className="text-sm" role="status">
          <span className="font-medium">{WORDS.count(addresses.length)}</span>{" "}
          <span className="text-muted">{WORDS.keep}</span>
        </p>
      )}
      <TextFileButton label={WORDS.file} onText={(text) => form.set("allowlist", text)} />
    </div>
  );
}
