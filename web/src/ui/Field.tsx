import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";

import { classes } from "~/lib/classes.ts";

const CONTROL =
  "w-full rounded-control border bg-surface px-3 text-ink placeholder:text-muted focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-muted";

interface Around {
  label: string;
  /** What to enter, in a sentence. */
  hint?: ReactNode;
  /** What is wrong with it. It is read out when it appears. */
  error?: string;
  /** A unit, at the end of the control. */
  unit?: string;
}

function Frame({ id, label, hint, error, unit, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <div className="relative">
        {children}
        {unit !== undefined && (
          <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-muted text-sm">
            {unit}
          </span>
        )}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-muted text-sm">
          {hint}
        </p>
      )}
      <p id={`${id}-error`} role="alert" className={classes("text-danger text-sm", error === undefined && "hidden")}>
        {error}
      </p>
    </div>
  );
}

function described(id: string, hint: ReactNode, error: string | undefined) {
  const ids = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(" ");
  return {
    "aria-describedby": ids || undefined,
    "aria-invalid": error !== undefined || undefined,
  };
}

export function Field({
  label,
  hint,
  error,
  unit,
  className,
  ...rest
}: Around & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error} unit={unit}>
      <input
        id={id}
        {...described(id, hint, error)}
        {...rest}
        className={classes(CONTROL, "h-11", error ? "border-danger" : "border-control", unit && "pr-16", className)}
      />
    </Frame>
  );
}

export function TextArea({ label, hint, error, ...rest }: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        rows={4}
        {...described(id, hint, error)}
        {...rest}
        className={classes(CONTROL, "py-2", error ? "border-danger" : "border-control")}
      />
    </Frame>
  );
}

export function Select({ label, hint, error, children, ...rest }: Around & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        {...described(id, hint, error)}
        {...rest}
        className={classes(CONTROL, "h-11", error ? "border-danger" : "border-control")}
      >
        {children}
      </select>
    </Frame>
  );
}
