import { useInfiniteQuery } from "@tanstack/react-query";

import type { Schemas } from "~/api/client.ts";
import { tokenOrdersQuery } from "~/api/queries.ts";
import { useSession } from "~/api/session.ts";
import { FlowButton } from "~/flows/FlowButton.tsx";
import { texts } from "~/texts.ts";
import { Card } from "~/ui/Card.tsx";
import { MoreButton } from "~/ui/MoreButton.tsx";
import { ErrorState, Skeleton } from "~/ui/states.tsx";
import { type Column, Table } from "~/ui/Table.tsx";
import { AddressLabel, Price, Time } from "~/ui/values.tsx";
import { accept, buy, cancel } from "./trades.ts";

type Token = Schemas["TokenDetailBody"];
type Order = Schemas["ListedOrderView"];

/** The listings or the offers of a token, with what the visitor can do about each. */
export function Orders({ token, side }: { token: Token; side: "listing" | "offer" }) {
  const session = useSession();
  const pages = useInfiniteQuery(tokenOrdersQuery(token, side));
  const { error, refetch } = pages;
  const data = pages.data?.pages.flatMap((page) => page.items);
  const own = session?.address;
  const holds = own !== undefined && (token.owner === own || token.standard === "erc1155");
  const columns: Column<Order>[] = [
    {
      title: texts.token.price,
      cell: (row) => <Price amount={row.price.amount} currency={row.price.currency.symbol} className="font-semibold" />,
    },
    ...(side === "offer"
      ? [
          {
            title: texts.token.kind,
            wide: true,
            cell: (row: Order) => texts.token.sides[row.side],
          },
        ]
      : []),
    {
      title: texts.token.maker,
      cell: (row) => <AddressLabel address={row.maker} own={own} />,
    },
    {
      title: texts.token.expires,
      wide: true,
      cell: (row) => (row.endAt === undefined ? "—" : <Time at={row.endAt} />),
    },
    {
      title: texts.token.action,
      end: true,
      cell: (row) => <OrderAction token={token} order={row} own={own} holds={holds} />,
    },
  ];
  return (
    <Card title={side === "listing" ? texts.token.listings : texts.token.offers}>
      <div className="px-5 py-4">
        {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <Skeleton className="h-10" />}
        {data !== undefined && data.length === 0 && (
          <p className="text-muted">{side === "listing" ? texts.token.noListings : texts.token.noOffers}</p>
        )}
        {data !== undefined && data.length > 0 && (
          <Table
            caption={side === "listing" ? texts.token.listings : texts.token.offers}
            columns={columns}
            rows={data}
            rowKey={(row) => row.orderHash}
          />
        )}
        <MoreButton pages={pages} />
      </div>
    </Card>
  );
}

function OrderAction({ token, order, own, holds }: { token: Token; order: Order; own?: string; holds: boolean }) {
  if (order.maker === own) {
    return (
      <FlowButton variant="secondary" begin={() => cancel(token, order)}>
        {texts.token.cancelShort}
      </FlowButton>
    );
  }
  if (order.side === "listing") {
    return (
      <FlowButton variant="secondary" begin={() => buy(token, order)}>
        {texts.token.buy}
      </FlowButton>
    );
  }
  if (!holds) return <span className="text-muted">—</span>;
  return <FlowButton begin={() => accept(token, order)}>{texts.token.accept}</FlowButton>;
}
