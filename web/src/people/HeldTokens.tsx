import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Hex, Schemas } from "~/api/client.ts";
import { heldTokensQuery } from "~/api/queries-own.ts";
import { ListedPrice } from "~/parts/ListedPrice.tsx";
import { texts } from "~/texts/account.ts";
import { Media } from "~/ui/Media.tsx";
import { Skeleton } from "~/ui/states.tsx";
import { Badge } from "~/ui/values.tsx";
import { Paged } from "./Paged.tsx";

const WORDS = texts.items;
const GRID = "grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-5";

/** What an account holds. `empty` is shown for nothing. */
export function HeldTokens({ address, empty }: { address: Hex; empty: ReactNode }) {
  const pages = useInfiniteQuery(heldTokensQuery(address));
  return (
    <Paged
      pages={pages}
      empty={empty}
      waiting={
        <div className={GRID}>
          {[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((one) => (
            <Skeleton key={one} className="aspect-[4/5] rounded-card" />
          ))}
        </div>
      }
    >
      {(tokens) => (
        <ul className={GRID}>
          {tokens.map((token) => (
            <li key={`${token.chainId}/${token.contract}/${token.tokenId}`}>
              <Item token={token} />
            </li>
          ))}
        </ul>
      )}
    </Paged>
  );
}

function Item({ token }: { token: Schemas["HeldTokenBody"] }) {
  const { chainId, contract, tokenId, collection, quantity, price } = token;
  return (
    <Link
      to="/collections/$chainId/$contract/$tokenId"
      params={{ chainId, contract, tokenId }}
      className="block overflow-hidden rounded-card border border-line bg-surface transition-shadow hover:shadow-lift"
    >
      <Media src={token.imageUrl} alt="" />
      <span className="flex flex-col gap-0.5 p-3">
        <span className="truncate font-medium">{token.name ?? texts.offers.token(tokenId)}</span>
        <span className="truncate text-muted text-sm">{collection.name}</span>
        {(quantity !== "1" || price !== undefined) && (
          <span className="mt-1.5 flex flex-wrap items-center gap-2 text-sm">
            {quantity !== "1" && <Badge>{WORDS.units(quantity)}</Badge>}
            {price !== undefined && (
              <>
                <Badge tone="accent">{WORDS.listed}</Badge>
                <ListedPrice token={token} />
              </>
            )}
          </span>
        )}
      </span>
    </Link>
  );
}
