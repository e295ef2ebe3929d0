import { useInfiniteQuery } from "@tanstack/react-query";

import type { Schemas } from "~/api/client.ts";
import { shortAmount } from "~/lib/amounts.ts";
import { Person } from "~/parts/Person.tsx";
import { texts } from "~/texts.ts";
import { tokenHoldersQuery } from "~/trade/units.ts";
import { Card } from "~/ui/Card.tsx";
import { MoreButton } from "~/ui/MoreButton.tsx";
import { ErrorState, Skeleton } from "~/ui/states.tsx";
import { Table } from "~/ui/Table.tsx";

/** Who has how many units of an edition. */
export function Holders({ token }: { token: Schemas["TokenDetailBody"] }) {
  const pages = useInfiniteQuery(tokenHoldersQuery(token));
  const rows = pages.data?.pages.flatMap((page) => page.items);
  return (
    <Card title={texts.token.holders}>
      <div className="px-5 py-4">
        {pages.error !== null && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.isPending && <Skeleton className="h-10" />}
        {rows?.length === 0 && <p className="text-muted">{texts.token.noHolders}</p>}
        {rows !== undefined && rows.length > 0 && (
          <Table
            caption={texts.token.holders}
            rows={rows}
            rowKey={(row) => row.owner}
            columns={[
              {
                title: texts.collection.holder,
                cell: (row) => <Person address={row.owner} chainId={token.chainId} copy />,
              },
              { title: texts.trade.units, end: true, cell: (row) => shortAmount(row.quantity) },
            ]}
          />
        )}
        <MoreButton pages={pages} />
      </div>
    </Card>
  );
}
