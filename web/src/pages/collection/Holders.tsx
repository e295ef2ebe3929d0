import { useInfiniteQuery } from "@tanstack/react-query";

import { type CollectionAt, ownersQuery } from "~/api/queries.ts";
import { percent } from "~/lib/amounts.ts";
import { Person } from "~/parts/Person.tsx";
import { texts } from "~/texts.ts";
import { MoreButton } from "~/ui/MoreButton.tsx";
import { Empty, ErrorState, Loading, Skeleton } from "~/ui/states.tsx";
import { Table } from "~/ui/Table.tsx";

export default function Holders({ at }: { at: CollectionAt }) {
  const query = useInfiniteQuery(ownersQuery(at));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) {
    return (
      <Loading>
        {[1, 2, 3, 4, 5, 6].map((one) => (
          <Skeleton key={one} className="mb-2 h-12" />
        ))}
      </Loading>
    );
  }
  if (rows.length === 0) return <Empty title={texts.collection.noHolders} />;
  return (
    <div className="max-w-3xl">
      <Table
        caption={texts.collection.holders}
        rows={rows}
        rowKey={(row) => row.owner}
        columns={[
          {
            title: texts.collection.holder,
            cell: (row) => <Person address={row.owner} chainId={at.chainId} copy />,
          },
          {
            title: texts.collection.amount,
            end: true,
            cell: (row) => row.quantity,
          },
          {
            title: texts.collection.share,
            end: true,
            cell: (row) => (
              <span className="inline-flex items-center gap-3">
                <span aria-hidden="true" className="hidden h-1.5 w-32 overflow-hidden rounded-full bg-sunken sm:block">
                  <span className="block h-full rounded-full bg-accent" style={{ width: `${row.share * 100}%` }} />
                </span>
                {percent(row.share)}
              </span>
            ),
          },
        ]}
      />
      <MoreButton pages={query} />
    </div>
  );
}
