import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { Schemas } from "~/api/client.ts";
import { chainsQuery } from "~/api/queries.ts";
import { percent } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Card } from "~/ui/Card.tsx";
import { AddressLabel } from "~/ui/values.tsx";

export function Details({ token, royaltyBps }: { token: Schemas["TokenDetailBody"]; royaltyBps?: number | null }) {
  const { data: chains } = useQuery(chainsQuery);
  const chain = chains?.items.find((one) => one.chainId === token.chainId);
  const rows: [string, ReactNode][] = [
    [texts.token.contract, <AddressLabel key="contract" address={token.contract} copy />],
    [
      texts.token.number,
      <span key="number" className="break-all">
        {token.tokenId}
      </span>,
    ],
    [texts.token.standard, token.standard === "erc721" ? "ERC-721" : "ERC-1155"],
    [texts.token.chain, chain?.name ?? token.chainId],
    [texts.token.royalty, percent((royaltyBps ?? 0) / 10_000)],
  ];
  return (
    <Card title={texts.token.details}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-8 gap-y-2 px-5 py-4">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="figures min-w-0 text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
