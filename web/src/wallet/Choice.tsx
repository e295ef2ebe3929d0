import type { ReactNode } from "react";

import { classes } from "~/lib/classes.ts";
import { Spinner } from "~/ui/Spinner.tsx";

interface Props {
  busy: boolean;
  disabled: boolean;
  onClick(): void;
  /** The height, and what else is its own. */
  className: string;
  children: ReactNode;
}

/** A wallet or an account in a list of those that may be chosen. */
export function Choice({ busy, disabled, onClick, className, children }: Props) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      disabled={disabled}
      onClick={onClick}
      className={classes(
        "flex w-full items-center gap-3 rounded-control border border-line px-3 transition-colors hover:border-accent hover:bg-accent-soft disabled:opacity-60",
        className,
      )}
    >
      {children}
      {busy && <Spinner />}
    </button>
  );
}
