// A form: what was typed, what is wrong with it and where, and what the API said to it.

import { type ChangeEvent, type SubmitEvent, useEffect, useRef, useState } from "react";

import { ProblemError } from "~/api/problems.ts";
import { dropDraft, keepDraft, loadDraft } from "./draft.ts";

/** Sentences about fields, by their names. */
export type Wrong = Partial<Record<string, string>>;

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Options<T extends object> {
  /** Under which the draft is kept in this tab. */
  draft: string;
  fresh: T;
  check(values: T): Wrong;
  /** The form's name for a field of the request, such as `mint.endAt` -> `endAt`. Default: the same. */
  named?: Record<string, string>;
  /** What the form is for. What it throws is shown: at the fields that a problem names, else as `failure`. */
  submit(values: T): Promise<void>;
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

/** A click takes less. A sentence that came during one would move the button away from under it. */
const CLICK_MS = 250;

export function useForm<T extends object>({ draft, fresh, check, named = {}, submit }: Options<T>): Form<T> {
  const [values, setValues] = useState(() => loadDraft(draft, fresh));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [sent, setSent] = useState(false);
  const [said, setSaid] = useState<Wrong>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const toFocus = useRef<HTMLFormElement>(null);
  const wrong = check(values);

  useEffect(() => keepDraft(draft, values, fresh), [draft, values, fresh]);

  // Once the sentences are there, so that a screen reader reads them with the first field that has one.
  useEffect(() => {
    toFocus.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    toFocus.current = null;
  });

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
      toFocus.current = form;
      return;
    }
    setBusy(true);
    try {
      await submit(values);
    } catch (error) {
      const fields = reasons(error, named, form);
      if (Object.keys(fields).length === 0) setFailure(error);
      else toFocus.current = form;
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
      onBlur: () => setTimeout(() => setLeft((before) => new Set(before).add(name)), CLICK_MS),
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
function reasons(error: unknown, named: Record<string, string>, form: HTMLFormElement): Wrong {
  if (!(error instanceof ProblemError)) return {};
  const found: Wrong = {};
  for (const { field, reason } of error.fields) {
    const name = named[field] ?? named[field.split(".")[0] ?? ""] ?? field;
    if (form.elements.namedItem(name) === null) return {};
    found[name] = reason;
  }
  return found;
}
