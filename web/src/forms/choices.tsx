// Fields in which something is chosen.

import { useId } from "react";

import { classes } from "~/lib/classes.ts";
import type { Form } from "./useForm.ts";

export interface Option {
  value: string;
  label: string;
  /** What it means, in a sentence. */
  about?: string;
}

interface ChoiceProps<T extends object, K extends keyof T & string> {
  form: Form<T>;
  name: K;
  label: string;
  options: readonly Option[];
}

/** One of a few, each with what it means. */
export function Choice<T extends object, K extends keyof T & string>({
  form,
  name,
  label,
  options,
}: ChoiceProps<T, K>) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      <div className={classes("grid gap-3", options.length === 3 ? "sm:grid-cols-3" : "sm:grid-cols-2")}>
        {options.map(({ value, label, about }) => (
          <label
            key={value}
            className="flex cursor-pointer gap-3 rounded-control border border-control bg-surface p-3.5 transition-colors hover:border-ink has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name={name}
              className="mt-1 size-4 shrink-0 accent-accent"
              checked={form.values[name] === value}
              onChange={() => form.set(name, value as T[K])}
            />
            <span>
              <span className="block font-medium text-sm">{label}</span>
              {about !== undefined && <span className="mt-0.5 block text-muted text-sm">{about}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface CheckProps<T extends object, K extends keyof T & string> {
  form: Form<T>;
  name: K;
  label: string;
  about?: string;
}

/** Yes or no. */
export function Check<T extends object, K extends keyof T & string>({ form, name, label, about }: CheckProps<T, K>) {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input
        id={id}
        name={name}
        type="checkbox"
        className="mt-1 size-4 shrink-0 accent-accent"
        checked={form.values[name] === true}
        aria-describedby={about === undefined ? undefined : `${id}-about`}
        onChange={(event) => form.set(name, event.target.checked as T[K])}
      />
      <div>
        <label htmlFor={id} className="cursor-pointer font-medium text-sm">
          {label}
        </label>
        {about !== undefined && (
          <p id={`${id}-about`} className="mt-0.5 text-muted text-sm">
            {about}
          </p>
        )}
      </div>
    </div>
  );
}
