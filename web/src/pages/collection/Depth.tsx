import { useInfiniteQuery } from "@tanstack/react-query";

import { type CollectionAt, depthQuery } from "~/api/queries.ts";
import { useWrappedSymbol } from "~/api/useNativeSymbol.ts";
import { texts } from "~/texts.ts";
import { MoreButton } from "~/ui/MoreButton.tsx";
import { Empty, ErrorState, Loading, Skeleton } from "~/ui/states.tsx";
import { Table } from "~/ui/Table.tsx";
import { Price } from "~/ui/values.tsx";

/** How much is wanted at which price, by offers for any item. */
export default function Depth({ at }: { at: CollectionAt }) {
  const pages = useInfiniteQuery(depthQuery(at));
  const currency = useWrappedSymbol(at.chainId);
  if (pages.error !== null) return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.data === undefined) {
    return (
      <Loading>
        <Skeleton className="h-64 max-w-3xl" />
      </Loading>
    );
  }
  const levels = pages.data.pages.flatMap((page) => page.items);
  if (levels.length === 0) return <Empty title={texts.collection.noOffers}>{texts.collection.noOffersHint}</Empty>;
  const most = levels.reduce((found, one) => Math.max(found, Number(one.quantity)), 1);
  return (
    <div className="max-w-3xl">
      <Table
        caption={texts.collection.depth}
        rows={levels}
        rowKey={(row) => row.price}
        columns={[
          {
            title: texts.collection.level,
            cell: (row) => <Price amount={row.price} currency={currency} className="font-semibold" />,
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
      <MoreButton pages={pages} />
    </div>
  );
}
