import type { ReactNode } from "react";

import { Skeleton } from "~/ui/states.tsx";

/** A figure with its name, in a definition list. */
export function Stat({ name, children }: { name: string; children: ReactNode | undefined }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-muted text-sm">{name}</dt>
      <dd className="figures font-display font-semibold text-lg">{children ?? <Skeleton className="h-7 w-16" />}</dd>
    </div>
  );
}
