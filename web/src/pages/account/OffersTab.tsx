import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { Hex, Schemas } from "~/api/client.ts";
import { offersReceivedQuery, ordersOfQuery } from "~/api/queries-own.ts";
import { FlowButton } from "~/flows/FlowButton.tsx";
import type { Flow } from "~/flows/flow.ts";
import { start } from "~/flows/run.ts";
import { CollectionName } from "~/parts/CollectionName.tsx";
import { Person } from "~/parts/Person.tsx";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/account.ts";
import { buttonClass } from "~/ui/Button.tsx";
import { Table } from "~/ui/Table.tsx";
import { Badge, Price, Time } from "~/ui/values.tsx";

type Order = Schemas["ListedOrderView"];
const WORDS = texts.offers;

/** `own` is the wallet that signed in; `address` may be another one of the same user. */
export function OffersTab({ address, own }: { address: Hex; own: Hex }) {
  const received = useInfiniteQuery(offersReceivedQuery(address));
  const signed = useInfiniteQuery(ordersOfQuery(address));

  return (
    <div className="flex flex-col gap-10">
      <section>
        <h2 className="mb-4 font-semibold text-xl">{WORDS.received}</h2>
        <Paged pages={received} empty={<Quiet>{WORDS.noneReceived}</Quiet>}>
          {(orders) => (
            <Table
              caption={WORDS.receivedTable}
              rows={orders}
              rowKey={(order) => order.orderHash}
              columns={[
                { title: WORDS.what, cell: (order) => <What order={order} /> },
                { title: WORDS.price, end: true, cell: (order) => <OrderPrice order={order} /> },
                {
                  title: WORDS.from,
                  wide: true,
                  cell: (order) => <Person address={order.maker} chainId={order.chainId} />,
                },
                { title: WORDS.ends, wide: true, cell: (order) => <Ends order={order} /> },
                { title: WORDS.action, end: true, cell: (order) => <Look order={order} /> },
              ]}
            />
          )}
        </Paged>
      </section>
      {/* It stands below a list whose length is not known before it comes, and would move with it. */}
      <section hidden={received.isPending}>
        <h2 className="mb-4 font-semibold text-xl">{WORDS.signed}</h2>
        <Paged pages={signed} empty={<Quiet>{WORDS.noneSigned}</Quiet>}>
          {(orders) => (
            <Table
              caption={WORDS.signedTable}
              rows={orders}
              rowKey={(order) => order.orderHash}
              columns={[
                { title: WORDS.what, cell: (order) => <What order={order} /> },
                { title: WORDS.price, end: true, cell: (order) => <OrderPrice order={order} /> },
                { title: WORDS.state, cell: (order) => <State order={order} /> },
                { title: WORDS.ends, wide: true, cell: (order) => <Ends order={order} /> },
                {
                  title: WORDS.action,
                  end: true,
                  cell: (order) =>
                    (order.status === "active" || order.status === "inactive") && (
                      <FlowButton
                        variant="secondary"
                        // Only the wallet that signed it can cancel it.
                        disabled={order.maker.toLowerCase() !== own.toLowerCase()}
                        begin={() => cancel(order)}
                      >
                        {WORDS.cancel}
                      </FlowButton>
                    ),
                },
              ]}
            />
          )}
        </Paged>
      </section>
    </div>
  );
}

function cancel({ chainId, orderHash }: Order): Promise<Flow> {
  const body = { chainId, orderHashes: [orderHash] };
  return start({ kind: "cancel", chainId, body, title: WORDS.cancelFlow });
}

function What({ order: { side, chainId, contract, tokenId } }: { order: Order }) {
  const name = tokenId === undefined ? (side === "trait_offer" ? WORDS.some : WORDS.any) : WORDS.token(tokenId);
  return (
    <span className="flex flex-col items-start">
      <span className="text-muted text-xs">{WORDS.sides[side]}</span>
      {tokenId === undefined ? (
        <Link
          to="/collections/$chainId/$contract"
          params={{ chainId, contract }}
          className="underline underline-offset-2"
        >
          {name}
        </Link>
      ) : (
        <Link
          to="/collections/$chainId/$contract/$tokenId"
          params={{ chainId, contract, tokenId }}
          className="underline underline-offset-2"
        >
          {name}
        </Link>
      )}
      <CollectionName chainId={chainId} contract={contract} />
    </span>
  );
}

function OrderPrice({ order: { price } }: { order: Order }) {
  return <Price amount={price.amount} currency={price.currency.symbol} />;
}

function Ends({ order: { endAt } }: { order: Order }) {
  return endAt === undefined ? <span className="text-muted">{WORDS.never}</span> : <Time at={endAt} />;
}

function State({ order: { status } }: { order: Order }) {
  return (
    <Badge tone={status === "active" ? "accent" : status === "inactive" ? "warn" : "plain"}>
      {WORDS.states[status]}
    </Badge>
  );
}

/** Where it can be accepted: on the token's page. An offer for any item is accepted there as well. */
function Look({ order: { chainId, contract, tokenId } }: { order: Order }) {
  const look = buttonClass("secondary", "s");
  if (tokenId === undefined) {
    return (
      <Link to="/collections/$chainId/$contract" params={{ chainId, contract }} className={look}>
        {WORDS.look}
      </Link>
    );
  }
  return (
    <Link to="/collections/$chainId/$contract/$tokenId" params={{ chainId, contract, tokenId }} className={look}>
      {WORDS.look}
    </Link>
  );
}
