import { useQuery } from "@tanstack/react-query";

import { type CollectionAt, depthQuery } from "~/api/queries.ts";
import { texts } from "~/texts.ts";
import { Empty, ErrorState, Loading, Skeleton } from "~/ui/states.tsx";
import { Table } from "~/ui/Table.tsx";
import { Price } from "~/ui/values.tsx";

/** How much is wanted at which price, by offers for any item. */
export default function Depth({ at }: { at: CollectionAt }) {
  const { data, error, refetch } = useQuery(depthQuery(at));
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) {
    return (
      <Loading>
        <Skeleton className="h-64 max-w-3xl" />
      </Loading>
    );
  }
  if (data.items.length === 0) return <Empty title={texts.collection.noOffers}>{texts.collection.noOffersHint}</Empty>;
  const most = Math.max(...data.items.map((one) => Number(one.quantity)));
  return (
    <div className="max-w-3xl">
      <Table
        caption={texts.collection.depth}
        rows={data.items}
        rowKey={(row) => row.price}
        columns={[
          {
            title: texts.collection.level,
            cell: (row) => <Price amount={row.price} className="font-semibold" />,
          },
          {
            title: texts.collection.wanted,
            end: true,
            cell: (row) => (
              <span className="inline-flex items-center gap-3">
                <span
                  aria-hidden="true"
                  className="hidden h-1.5 w-40 justify-end overflow-hidden rounded-full bg-sunken sm:flex"
                >
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${(Number(row.quantity) / most) * 100}%` }}
                  />
                </span>
                {row.quantity}
              </span>
            ),
          },
          {
            title: texts.collection.bidders,
            end: true,
            cell: (row) => row.makers,
          },
        ]}
      />
    </div>
  );
}
