import { Link } from "@tanstack/react-router";

import type { Schemas } from "~/api/client.ts";
import { texts } from "~/texts.ts";
import { buttonClass } from "~/ui/Button.tsx";
import { HALF, Media, THUMB } from "~/ui/Media.tsx";
import { Skeleton } from "~/ui/states.tsx";
import { Price } from "~/ui/values.tsx";

/** The promise, beside the collection that is traded most. */
export function Hero({ featured, loading }: { featured?: Schemas["CollectionBody"]; loading: boolean }) {
  return (
    <section className="shell grid items-center gap-8 pt-8 md:grid-cols-[1.05fr_1fr] md:gap-14 md:pt-14">
      <div className="flex flex-col items-start gap-5">
        <h1 className="font-semibold text-[44px] leading-[1.02] tracking-tight sm:text-6xl lg:text-7xl">
          {texts.home.headline}
        </h1>
        <p className="max-w-lg text-lg text-muted">{texts.home.lead}</p>
        <div className="flex flex-wrap gap-3 pt-2">
          <a href="#fresh" className={buttonClass("primary", "l")}>
            {texts.home.explore}
          </a>
          <Link to="/create" className={buttonClass("secondary", "l")}>
            {texts.home.create}
          </Link>
        </div>
      </div>
      {featured === undefined ? (
        loading ? (
          <Skeleton className="aspect-[4/3] rounded-[24px]" />
        ) : (
          // The place stays where there is nothing to feature: what stands below it would move.
          <div className="aspect-[4/3] rounded-[24px] bg-linear-to-br from-accent-soft to-sunken" />
        )
      ) : (
        <Link
          to="/collections/$chainId/$contract"
          params={{ chainId: featured.chainId, contract: featured.slug }}
          className="group relative block overflow-hidden rounded-[24px] border border-line bg-surface shadow-lift"
        >
          <Media src={featured.imageUrl ?? featured.bannerUrl} sizes={HALF} alt="" eager className="aspect-[4/3]!" />
          <div className="absolute inset-x-3 bottom-3 flex items-center gap-3 rounded-card bg-surface/95 p-3 backdrop-blur">
            <Media src={featured.imageUrl} sizes={THUMB} alt="" className="size-12 shrink-0 rounded-control" eager />
            <div className="min-w-0 flex-1">
              <p className="text-muted text-xs">{texts.home.featured}</p>
              <p className="truncate font-display font-semibold text-lg leading-tight">{featured.name}</p>
            </div>
            <div className="shrink-0 text-right">
              <p className="text-muted text-xs">{texts.collection.floor}</p>
              <Price amount={featured.floorPrice} currency={featured.floorCurrency} className="font-semibold" />
            </div>
          </div>
        </Link>
      )}
    </section>
  );
}
