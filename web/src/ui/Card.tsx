import type { ReactNode } from "react";

import { classes } from "~/lib/classes.ts";

/** A surface of its own. `title` is a heading of level 2. */
export function Card({
  title,
  aside,
  className,
  children,
}: {
  title?: string;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={classes("rounded-card border border-line bg-surface", className)}>
      {title !== undefined && (
        <div className="flex items-center justify-between gap-4 border-line border-b px-5 py-4">
          <h2 className="font-semibold text-lg">{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
