import { Link } from "@tanstack/react-router";

import type { Schemas } from "~/api/client.ts";
import { shortCount } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Media, THUMB } from "~/ui/Media.tsx";
import { Skeleton } from "~/ui/states.tsx";
import { Price, Verified } from "~/ui/values.tsx";

export function CollectionCard({ collection }: { collection: Schemas["CollectionBody"] }) {
  return (
    <Link
      to="/collections/$chainId/$contract"
      params={{ chainId: collection.chainId, contract: collection.slug }}
      className="group flex flex-col overflow-hidden rounded-card border border-line bg-surface transition-shadow hover:shadow-lift"
    >
      <Media src={collection.bannerUrl ?? collection.imageUrl} alt="" ratio="wide" />
      <div className="relative flex flex-1 flex-col gap-3 p-4 pt-9">
        <Media
          src={collection.imageUrl}
          sizes={THUMB}
          alt=""
          className="absolute! -top-7 left-4 size-14 rounded-xl border-[3px] border-surface"
        />
        <span className="flex items-center gap-1.5">
          <span className="truncate font-display font-semibold text-lg leading-tight">{collection.name}</span>
          {collection.verified && <Verified />}
        </span>
        <span className="flex justify-between gap-4 text-sm">
          <span>
            <span className="block text-muted">{texts.collection.floor}</span>
            <Price amount={collection.floorPrice} currency={collection.floorCurrency} className="font-medium" />
          </span>
          <span className="text-right">
            <span className="block text-muted">{texts.collection.supply}</span>
            <span className="figures font-medium">{shortCount(collection.items ?? 0)}</span>
          </span>
        </span>
      </div>
    </Link>
  );
}

export function CollectionCardSkeleton() {
  return (
    <div className="overflow-hidden rounded-card border border-line bg-surface">
      <Skeleton className="aspect-video rounded-none" />
      <div className="flex flex-col gap-3 p-4 pt-9">
        <Skeleton className="h-6 w-2/3" />
        <Skeleton className="h-10" />
      </div>
    </div>
  );
}
