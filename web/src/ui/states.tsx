// What a page shows while it has nothing to show: skeletons, emptiness, errors.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { adviceOn, ProblemError } from "~/api/problems.ts";
import { classes } from "~/lib/classes.ts";
import { texts } from "~/texts.ts";
import { Button, buttonClass } from "./Button.tsx";
import { AlertIcon } from "./icons.tsx";

/** A place that is reserved. Give it the size of what comes. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={classes("shimmer rounded-control", className)} />;
}

/** Says to screen readers that something is loading. */
export function Loading({ children }: { children?: ReactNode }) {
  return (
    <div role="status">
      <span className="sr-only">{texts.common.loading}</span>
      {children}
    </div>
  );
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-card border border-line border-dashed px-6 py-14 text-center">
      <p className="font-display font-semibold text-lg">{title}</p>
      {children !== undefined && <div className="max-w-md text-muted">{children}</div>}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}

/** An error in words, with what to do. `onRetry` asks again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, advice } = adviceOn(error);
  return (
    <div
      role="alert"
      className="flex flex-col items-center gap-2 rounded-card border border-line bg-surface px-6 py-14 text-center"
    >
      <span className="mb-1 text-warn">
        <AlertIcon className="size-7" />
      </span>
      <p className="font-display font-semibold text-lg">{title}</p>
      <p className="max-w-md text-muted">{advice}</p>
      {error instanceof ProblemError && <p className="font-mono text-muted text-xs">{error.code}</p>}
      {onRetry !== undefined && (
        <Button variant="secondary" className="mt-4" onClick={onRetry}>
          {texts.common.retry}
        </Button>
      )}
    </div>
  );
}

export function NotFound({ what }: { what?: string }) {
  return (
    <div className="shell flex flex-col items-center gap-3 py-28 text-center">
      <p className="font-display font-semibold text-7xl text-accent">404</p>
      <h1 className="font-semibold text-2xl">{what ?? texts.notFound.title}</h1>
      <p className="max-w-md text-muted">{texts.notFound.advice}</p>
      <Link to="/" className={buttonClass("primary", "m", "mt-4")}>
        {texts.notFound.home}
      </Link>
    </div>
  );
}

/** One message beside a form or in a dialog. */
export function Note({
  kind = "info",
  title,
  children,
}: {
  kind?: "info" | "warn" | "danger";
  title?: string;
  children?: ReactNode;
}) {
  const look = {
    info: "bg-sunken text-ink",
    warn: "bg-warn-soft text-warn",
    danger: "bg-danger-soft text-danger",
  }[kind];
  return (
    <div role={kind === "danger" ? "alert" : undefined} className={classes("rounded-control px-4 py-3 text-sm", look)}>
      {title !== undefined && <p className="font-semibold">{title}</p>}
      {children}
    </div>
  );
}
