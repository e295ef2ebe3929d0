import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";

import type { Schemas } from "~/api/client.ts";
import { type TokenAt, tokenOrdersQuery } from "~/api/queries.ts";
import { useSession } from "~/api/session.ts";
import { FlowButton } from "~/flows/FlowButton.tsx";
import { Person } from "~/parts/Person.tsx";
import { texts } from "~/texts.ts";
import { isChoosable, plainPrice } from "~/trade/units.ts";
import { Button } from "~/ui/Button.tsx";
import { Card } from "~/ui/Card.tsx";
import { MoreButton } from "~/ui/MoreButton.tsx";
import { ErrorState, Skeleton } from "~/ui/states.tsx";
import { type Column, Table } from "~/ui/Table.tsx";
import { Price, Time } from "~/ui/values.tsx";
import { accept, buy, cancel } from "./trades.ts";

const FillDialog = lazy(() => import("~/trade/FillDialog.tsx"));

type Token = Schemas["TokenDetailBody"];
type Order = Schemas["ListedOrderView"];

interface Props {
  token: Token;
  /** Of the page, by which the orders are kept. */
  path: TokenAt;
  side: "listing" | "offer";
  held?: bigint;
}

/** The listings or the offers of a token, with what the visitor can do about each. */
export function Orders({ token, path, side, held }: Props) {
  const session = useSession();
  const [filling, setFilling] = useState<Order | null>(null);
  const pages = useInfiniteQuery(tokenOrdersQuery(path, side));
  const { error, refetch } = pages;
  const data = pages.data?.pages.flatMap((page) => page.items);
  const own = session?.address;
  const edition = token.standard === "erc1155";
  const holds = own !== undefined && (edition ? (held ?? 0n) > 0n : token.owner === own);
  const several = data?.some((row) => row.quantity !== "1") ?? false;
  const columns: Column<Order>[] = [
    {
      title: texts.token.price,
      cell: (row) => <Price amount={plainPrice(row)} currency={row.price.currency.symbol} className="font-semibold" />,
    },
    ...(several
      ? [
          {
            title: texts.trade.units,
            end: true,
            cell: (row: Order) => texts.token.available(row.fillable, row.quantity),
          },
        ]
      : []),
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
      cell: (row) => <Person address={row.maker} chainId={token.chainId} />,
    },
    {
      title: texts.token.expires,
      wide: true,
      cell: (row) => (row.endAt === undefined ? "—" : <Time at={row.endAt} />),
    },
    {
      title: texts.token.action,
      end: true,
      cell: (row) => (
        <OrderAction token={token} order={row} own={own} holds={holds} onChoose={edition ? setFilling : undefined} />
      ),
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
      {filling !== null && (
        <Suspense>
          <FillDialog
            token={token}
            order={filling}
            held={side === "offer" ? held : undefined}
            onClose={() => setFilling(null)}
          />
        </Suspense>
      )}
    </Card>
  );
}

interface ActionProps {
  token: Token;
  order: Order;
  own?: string;
  holds: boolean;
  /** Asks how many units; left out for a token that exists once. */
  onChoose?: (order: Order) => void;
}

function OrderAction({ token, order, own, holds, onChoose }: ActionProps) {
  if (order.maker === own) {
    return (
      <FlowButton variant="secondary" begin={() => cancel(token, order)}>
        {texts.token.cancelShort}
      </FlowButton>
    );
  }
  const buys = order.side === "listing";
  if (!buys && !holds) return <span className="text-muted">—</span>;
  const words = buys ? texts.token.buy : texts.token.accept;
  const variant = buys ? "secondary" : "primary";
  if (onChoose !== undefined && isChoosable(order)) {
    return (
      <Button size="s" variant={variant} onClick={() => onChoose(order)}>
        {words}
      </Button>
    );
  }
  return (
    <FlowButton variant={variant} begin={() => (buys ? buy : accept)(token, order)}>
      {words}
    </FlowButton>
  );
}
