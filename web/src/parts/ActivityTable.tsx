import { Link } from "@tanstack/react-router";

import type { Schemas } from "~/api/client.ts";
import { withoutTransfersOfSales } from "~/lib/activity.ts";
import { texts } from "~/texts.ts";
import { type Column, Table } from "~/ui/Table.tsx";
import { Badge, Price, Time } from "~/ui/values.tsx";
import { Person } from "./Person.tsx";

type Row = Schemas["ActivityBody"];

const TONES = {
  sale: "accent",
  mint: "accent",
  burn: "warn",
  listed: "plain",
  offer: "plain",
  transfer: "plain",
} as const;

/** What has happened to tokens. `itemOf` names a row's token; without it the column is left out. */
export function ActivityTable({ rows, items = false }: { rows: readonly Row[]; items?: boolean }) {
  const item: Column<Row> = {
    title: texts.activity.item,
    cell: (row) =>
      row.contract === null || row.tokenId === null ? (
        <span className="text-muted">{texts.activity.any}</span>
      ) : (
        <Link
          to="/collections/$chainId/$contract/$tokenId"
          params={{
            chainId: row.chainId,
            contract: row.contract,
            tokenId: row.tokenId,
          }}
          className="font-medium hover:text-accent"
        >
          #{row.tokenId.length > 12 ? `${row.tokenId.slice(0, 8)}…` : row.tokenId}
          {row.quantity !== "1" && <span className="text-muted"> ×{row.quantity}</span>}
        </Link>
      ),
  };
  const columns: Column<Row>[] = [
    {
      title: texts.activity.event,
      cell: (row) => (
        <span className="inline-flex flex-wrap gap-1">
          <Badge tone={TONES[row.type]}>{texts.activity.types[row.type]}</Badge>
          {row.suspicious !== undefined && <Badge tone="warn">{texts.activity.suspicious}</Badge>}
        </span>
      ),
    },
    ...(items ? [item] : []),
    {
      title: texts.activity.price,
      end: true,
      cell: (row) => <Price amount={row.price} currency={row.currency} />,
    },
    {
      title: texts.activity.from,
      wide: true,
      cell: (row) => <Person address={row.from} chainId={row.chainId} />,
    },
    {
      title: texts.activity.to,
      wide: true,
      cell: (row) => <Person address={row.to} chainId={row.chainId} />,
    },
    {
      title: texts.activity.time,
      end: true,
      cell: (row) => <Time at={row.timestamp} />,
    },
  ];
  return (
    <Table
      caption={texts.activity.caption}
      columns={columns}
      rows={withoutTransfersOfSales(rows)}
      rowKey={(row) => row.id}
    />
  );
}
