import { useInfiniteQuery } from "@tanstack/react-query";

import { activityQuery, type CollectionAt } from "~/api/queries.ts";
import { ActivityTable } from "~/parts/ActivityTable.tsx";
import { texts } from "~/texts.ts";
import { MoreButton } from "~/ui/MoreButton.tsx";
import { Empty, ErrorState, Loading, Skeleton } from "~/ui/states.tsx";
import { SalesChart } from "./SalesChart.tsx";

export default function Activity({ at }: { at: CollectionAt }) {
  const query = useInfiniteQuery(activityQuery(at));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="flex flex-col gap-8">
      <SalesChart at={at} />
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && (
        <Loading>
          {[1, 2, 3, 4, 5, 6].map((one) => (
            <Skeleton key={one} className="mb-2 h-12" />
          ))}
        </Loading>
      )}
      {query.isSuccess && rows.length === 0 && <Empty title={texts.collection.noActivity} />}
      {rows.length > 0 && <ActivityTable rows={rows} items />}
      <MoreButton pages={query} />
    </div>
  );
}
