// A list that comes in pages: its skeleton, its emptiness, its error, and more of it.

import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { MoreButton } from "~/ui/MoreButton.tsx";
import { ErrorState, Loading, Skeleton } from "~/ui/states.tsx";

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export type PagesOf<T> = UseInfiniteQueryResult<InfiniteData<Page<T>>>;

interface Props<T> {
  pages: PagesOf<T>;
  empty: ReactNode;
  /** The place of what comes. Default: a few lines. */
  waiting?: ReactNode;
  children: (items: T[]) => ReactNode;
}

export function Paged<T>({ pages, empty, waiting, children }: Props<T>) {
  if (pages.data !== undefined) {
    const items = pages.data.pages.flatMap((page) => page.items);
    return (
      <>
        {items.length === 0 && !pages.hasNextPage ? empty : children(items)}
        <MoreButton pages={pages} />
      </>
    );
  }
  if (pages.error !== null) return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  return <Loading>{waiting ?? <Lines />}</Loading>;
}

function Lines() {
  return (
    <div className="flex flex-col gap-3">
      {[1, 2, 3, 4].map((line) => (
        <Skeleton key={line} className="h-12" />
      ))}
    </div>
  );
}

export function Quiet({ children }: { children: ReactNode }) {
  return <p className="rounded-card border border-line border-dashed px-6 py-10 text-center text-muted">{children}</p>;
}
