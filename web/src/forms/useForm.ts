// A form: what was typed, what is wrong with it and where, and what the API said to it.

import { type ChangeEvent, type SubmitEvent, useEffect, useState } from "react";

import { adviceOn, type Code, ProblemError } from "~/api/problems.ts";
import { afterPress } from "~/ui/press.ts";
import { dropDraft, keepDraft, loadDraft } from "./draft.ts";

/** Sentences about fields, by their names. */
export type Wrong = Partial<Record<string, string>>;

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Options<T extends object> {
  /** Under which the draft is kept in this tab. */
  draft: string;
  fresh: T;
  check(values: T): Wrong;
  /** The form's name for a field of the request, such as `mint.endAt` -> `endAt`. Default: its last name. */
  named?: Record<string, string>;
  /** The field that a problem is about which names none, by its code. */
  about?: Partial<Record<Code, string>>;
  /**
   * What the form is for. What it throws is shown: at the fields that a problem names, else as `failure`. It may answer
   * sentences about fields that can only be checked when the form is sent.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: most forms have nothing to answer
  submit(values: T): Promise<Wrong | void>;
}

export interface Form<T extends object> {
  values: T;
  busy: boolean;
  /** What the API or the wallet said that belongs to no field. */
  failure: unknown;
  set<K extends keyof T>(name: K, value: T[K]): void;
  /** For what comes later, when other fields may have changed. */
  change(make: (values: T) => T): void;
  /** For a `Field`: a text with its name, value, fault and handlers. */
  bind(name: keyof T & string): Bound;
  /** What to show at a field: only once it was left, or the form was sent. */
  wrongWith(name: string): string | undefined;
  onSubmit(event: SubmitEvent<HTMLFormElement>): void;
  /** Empties the form and its draft. */
  clear(): void;
}

interface Bound {
  name: string;
  value: string;
  error: string | undefined;
  autoComplete: string;
  onChange(event: ChangeEvent<Control>): void;
  onBlur(): void;
}

export function useForm<T extends object>({
  draft,
  fresh,
  check,
  named = {},
  about = {},
  submit,
}: Options<T>): Form<T> {
  const [values, setValues] = useState(() => loadDraft(draft, fresh));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [sent, setSent] = useState(false);
  const [said, setSaid] = useState<Wrong>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [toFocus, setToFocus] = useState<{ form: HTMLFormElement } | null>(null);
  const wrong = check(values);

  useEffect(() => keepDraft(draft, values, fresh), [draft, values, fresh]);

  // Once the sentences are there, so that a screen reader reads them with the first field that has one. It is a state,
  // and so belongs to the render that shows them: an effect of the render before finds nothing that is invalid.
  useEffect(() => {
    toFocus?.form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [toFocus]);

  function set<K extends keyof T>(name: K, value: T[K]): void {
    setValues((before) => ({ ...before, [name]: value }));
    setSaid((before) => ({ ...before, [name]: undefined }));
  }

  function wrongWith(name: string): string | undefined {
    return said[name] ?? (sent || left.has(name) ? wrong[name] : undefined);
  }

  async function send(form: HTMLFormElement): Promise<void> {
    setSent(true);
    setSaid({});
    setFailure(null);
    if (Object.values(wrong).some((sentence) => sentence !== undefined)) {
      setToFocus({ form });
      return;
    }
    setBusy(true);
    try {
      const found = (await submit(values)) ?? {};
      if (Object.values(found).some((sentence) => sentence !== undefined)) setToFocus({ form });
      setSaid(found);
    } catch (error) {
      const fields = reasons(error, named, about, form);
      if (Object.keys(fields).length === 0) setFailure(error);
      else setToFocus({ form });
      setSaid(fields);
    } finally {
      setBusy(false);
    }
  }

  return {
    values,
    busy,
    failure,
    set,
    change: setValues,
    wrongWith,
    bind: (name) => ({
      name,
      value: String(values[name] ?? ""),
      error: wrongWith(name),
      autoComplete: "off",
      onChange: (event) => set(name, event.target.value as T[typeof name]),
      // The sentence that comes moves what is below it.
      onBlur: () => afterPress(() => setLeft((before) => new Set(before).add(name))),
    }),
    onSubmit(event) {
      event.preventDefault();
      if (!busy) void send(event.currentTarget);
    },
    clear() {
      dropDraft(draft);
      setValues(fresh);
      setLeft(new Set());
      setSent(false);
      setSaid({});
      setFailure(null);
    },
  };
}

/** The sentences of a problem by the form's fields; none if one of them belongs to no field of the form. */
function reasons(
  error: unknown,
  named: Record<string, string>,
  about: Partial<Record<string, string>>,
  form: HTMLFormElement,
): Wrong {
  if (!(error instanceof ProblemError)) return {};
  const ofCode = about[error.code];
  if (ofCode !== undefined) return { [ofCode]: sentenceOf(error) };
  const found: Wrong = {};
  for (const { field, reason } of error.fields) {
    const parts = field.split(".");
    const name = named[field] ?? named[parts[0] ?? ""] ?? parts.at(-1) ?? field;
    if (form.elements.namedItem(name) === null) return {};
    found[name] = reason;
  }
  return found;
}

function sentenceOf(error: ProblemError): string {
  const { title, advice } = adviceOn(error);
  return `${title}. ${advice}`;
}
