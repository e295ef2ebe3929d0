import { Link } from "@tanstack/react-router";

import type { Schemas } from "~/api/client.ts";
import { shortCount } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Media, THUMB } from "~/ui/Media.tsx";
import { Price, Verified } from "~/ui/values.tsx";

/** Collections by volume, in two columns where there is room. */
export function Trending({ collections }: { collections: readonly Schemas["CollectionBody"][] }) {
  return (
    <ol
      className="grid gap-x-12 lg:grid-flow-col lg:grid-cols-2 lg:grid-rows-[repeat(var(--rows),auto)]"
      style={{ "--rows": Math.ceil(collections.length / 2) } as React.CSSProperties}
    >
      {collections.map((one, place) => (
        <li key={one.contract} className="border-line border-b last:border-b-0">
          <Link
            to="/collections/$chainId/$contract"
            params={{ chainId: one.chainId, contract: one.slug }}
            className="-mx-3 flex items-center gap-4 rounded-control px-3 py-3 hover:bg-sunken"
          >
            <span className="figures w-5 shrink-0 text-center font-medium text-muted text-sm">
              <span className="sr-only">{texts.home.rank} </span>
              {place + 1}
            </span>
            <Media src={one.imageUrl} sizes={THUMB} alt="" className="size-14 shrink-0 rounded-xl" />
            <span className="min-w-0 flex-1">
              <span className="flex items-center gap-1.5">
                <span className="truncate font-semibold">{one.name}</span>
                {one.verified && <Verified />}
              </span>
              <span className="block truncate text-muted text-sm">
                {texts.collection.floor} <Price amount={one.floorPrice} currency={one.floorCurrency} />
              </span>
            </span>
            <span className="shrink-0 text-right">
              <Price amount={one.volumeAll} chainId={one.chainId} className="block font-semibold" />
              <span className="figures block text-muted text-sm">
                {shortCount(one.owners ?? 0)} {texts.collection.owners.toLowerCase()}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
