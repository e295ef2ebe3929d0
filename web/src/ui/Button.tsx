import type { ButtonHTMLAttributes } from "react";

import { classes } from "~/lib/classes.ts";
import { Spinner } from "./Spinner.tsx";

export type Variant = "primary" | "secondary" | "ghost" | "danger";
export type Size = "s" | "m" | "l";

const VARIANTS: Record<Variant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong disabled:bg-sunken disabled:text-muted",
  secondary: "border border-line bg-surface text-ink hover:border-control hover:bg-sunken disabled:text-muted",
  ghost: "text-ink hover:bg-sunken disabled:text-muted",
  danger: "bg-danger-soft text-danger hover:brightness-95 dark:hover:brightness-125 disabled:opacity-60",
};

const SIZES: Record<Size, string> = {
  s: "h-8 gap-1.5 px-3 text-sm",
  m: "h-10 gap-2 px-4 text-sm",
  l: "h-12 gap-2 px-6 text-base",
};

/** The look of a button, for links. */
export function buttonClass(variant: Variant = "primary", size: Size = "m", extra = ""): string {
  return classes(
    "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-control font-medium transition-colors",
    VARIANTS[variant],
    SIZES[size],
    extra,
  );
}

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant;
  size?: Size;
  /** While something goes on: the button says so and cannot be pressed. */
  busy?: boolean;
}

export function Button({ variant, size, busy = false, className, children, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={buttonClass(variant, size, className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

interface IconProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The button's name, for who does not see the icon. */
  label: string;
}

export function IconButton({ label, className, children, ...rest }: IconProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classes(
        "inline-flex size-10 shrink-0 items-center justify-center rounded-control text-ink transition-colors hover:bg-sunken",
        className,
      )}
    >
      {children}
    </button>
  );
}
