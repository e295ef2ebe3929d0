import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { Hex, Schemas } from "~/api/client.ts";
import { accountActivityQuery } from "~/api/queries-own.ts";
import { withoutTransfersOfSales } from "~/lib/activity.ts";
import { CollectionName } from "~/parts/CollectionName.tsx";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/account.ts";
import { Table } from "~/ui/Table.tsx";
import { Price, Time } from "~/ui/values.tsx";

type Line = Schemas["ActivityBody"];
const WORDS = texts.activity;

export function ActivityTab({ address }: { address: Hex }) {
  const pages = useInfiniteQuery(accountActivityQuery(address));
  return (
    <Paged pages={pages} empty={<Quiet>{WORDS.none}</Quiet>}>
      {(lines) => (
        <Table
          caption={WORDS.table}
          rows={withoutTransfersOfSales(lines)}
          rowKey={(line) => line.id}
          columns={[
            { title: WORDS.what, cell: (line) => <span className="font-medium">{deedOf(line, address)}</span> },
            { title: WORDS.item, cell: (line) => <Item line={line} /> },
            { title: WORDS.price, end: true, cell: (line) => <Price amount={line.price} currency={line.currency} /> },
            { title: WORDS.when, end: true, cell: (line) => <Time at={line.timestamp} /> },
          ]}
        />
      )}
    </Paged>
  );
}

/** A sale or a transfer, seen from the account's side. */
function deedOf({ type, from }: Line, address: string): string {
  const mine = from?.toLowerCase() === address.toLowerCase();
  if (type === "sale") return mine ? WORDS.sold : WORDS.bought;
  if (type === "transfer") return mine ? WORDS.sent : WORDS.got;
  return WORDS.types[type];
}

function Item({ line: { chainId, contract, tokenId } }: { line: Line }) {
  if (contract === null) return <span className="text-muted">—</span>;
  return (
    <span className="flex flex-col items-start">
      {tokenId === null ? (
        texts.offers.any
      ) : (
        <Link
          to="/collections/$chainId/$contract/$tokenId"
          params={{ chainId, contract, tokenId }}
          className="underline underline-offset-2"
        >
          {texts.offers.token(tokenId)}
        </Link>
      )}
      <CollectionName chainId={chainId} contract={contract} />
    </span>
  );
}
