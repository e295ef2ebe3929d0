import { useInfiniteQuery } from "@tanstack/react-query";

import { type TokenAt, tokenActivityQuery } from "~/api/queries.ts";
import { ActivityTable } from "~/parts/ActivityTable.tsx";
import { texts } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Card } from "~/ui/Card.tsx";
import { ErrorState, Skeleton } from "~/ui/states.tsx";

export function History({ at }: { at: TokenAt }) {
  const query = useInfiniteQuery(tokenActivityQuery(at));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card title={texts.token.history}>
      <div className="px-5 py-4">
        {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Skeleton className="h-24" />}
        {query.isSuccess && rows.length === 0 && <p className="text-muted">{texts.collection.noActivity}</p>}
        {rows.length > 0 && <ActivityTable rows={rows} />}
        {query.hasNextPage && (
          <Button
            variant="secondary"
            className="mt-4"
            busy={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {texts.common.more}
          </Button>
        )}
      </div>
    </Card>
  );
}
