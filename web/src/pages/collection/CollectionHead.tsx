import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import type { Schemas } from "~/api/client.ts";
import { floorQuery, statsQuery } from "~/api/queries.ts";
import { percent, shortCount } from "~/lib/amounts.ts";
import { classes } from "~/lib/classes.ts";
import { isSoldOut } from "~/pages/mint/rules.ts";
import { Person } from "~/parts/Person.tsx";
import { Stat } from "~/parts/Stat.tsx";
import { texts } from "~/texts.ts";
import { Button, buttonClass } from "~/ui/Button.tsx";
import { ExternalIcon } from "~/ui/icons.tsx";
import { Media, WHOLE } from "~/ui/Media.tsx";
import { Loading, Skeleton } from "~/ui/states.tsx";
import { Price, Verified } from "~/ui/values.tsx";

const OfferDialog = lazy(() => import("~/trade/OfferDialog.tsx"));

/** Characters of a description that are shown at first. */
const SHORT = 180;

/** Banner, name, actions and figures of a collection. */
export function CollectionHead({ collection }: { collection: Schemas["CollectionBody"] }) {
  const [offering, setOffering] = useState(false);
  const { chainId, contract, slug } = collection;
  return (
    <section>
      <Media
        src={collection.bannerUrl ?? collection.imageUrl}
        sizes={WHOLE}
        alt=""
        ratio="banner"
        eager
        className="max-h-80 w-full"
      />
      <div className="shell">
        <div className="flex flex-col gap-6 lg:flex-row lg:items-start lg:justify-between">
          <div className="min-w-0 flex-1">
            <Media
              src={collection.imageUrl}
              sizes="144px"
              alt=""
              eager
              className="relative -mt-14 mb-4 size-28 rounded-[20px] border-4 border-canvas shadow-lift md:-mt-20 md:size-36"
            />
            <h1 className="flex items-center gap-2 font-semibold text-3xl md:text-4xl">
              <span className="min-w-0 break-words">{collection.name}</span>
              {collection.verified && <Verified />}
            </h1>
            <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
              <span className="inline-flex items-center gap-2">
                {texts.collection.creator} <Person address={collection.creator} chainId={chainId} copy inline />
              </span>
              {collection.links.website !== undefined && <Website url={collection.links.website} />}
            </p>
            <Description text={collection.description} />
          </div>
          <div className="flex shrink-0 flex-wrap gap-3 lg:pt-6">
            {collection.mint !== null && !collection.paused && !isSoldOut(collection) && (
              <Link
                to="/mint/$chainId/$contract"
                params={{ chainId, contract: slug }}
                className={buttonClass("primary", "l")}
              >
                {texts.collection.mint}
              </Link>
            )}
            <Button variant="secondary" size="l" onClick={() => setOffering(true)}>
              {texts.collection.offer}
            </Button>
          </div>
        </div>
        <Figures at={{ chainId, contract: slug }} royaltyBps={collection.royaltyBps} />
      </div>
      {offering && (
        <Suspense>
          <OfferDialog
            at={{ chainId, contract }}
            name={collection.name}
            image={collection.imageUrl}
            onClose={() => setOffering(false)}
          />
        </Suspense>
      )}
    </section>
  );
}

function Figures({ at, royaltyBps }: { at: { chainId: string; contract: string }; royaltyBps: number | null }) {
  const { data: stats } = useQuery(statsQuery(at));
  const { data: floor } = useQuery(floorQuery(at));
  const share = stats === undefined || stats.items === 0 ? 0 : stats.listed / stats.items;
  return (
    <dl className="mt-8 grid grid-cols-3 gap-x-6 gap-y-5 sm:grid-cols-4 lg:flex lg:flex-wrap lg:gap-x-12">
      <Stat name={texts.collection.floor}>
        {stats && <Price amount={stats.floorPrice} currency={stats.floorCurrency} />}
      </Stat>
      <Stat name={texts.collection.topOffer}>
        {floor && <Price amount={floor.offer?.price.amount} currency={floor.offer?.price.currency.symbol} />}
      </Stat>
      <Stat name={texts.collection.volume}>{stats && <Price amount={stats.volumeAll} chainId={at.chainId} />}</Stat>
      <Stat name={texts.collection.volumeDay}>{stats && <Price amount={stats.volumeDay} chainId={at.chainId} />}</Stat>
      <Stat name={texts.collection.listed}>{stats && percent(share)}</Stat>
      <Stat name={texts.collection.supply}>{stats && shortCount(stats.items)}</Stat>
      <Stat name={texts.collection.owners}>{stats && shortCount(stats.owners)}</Stat>
      <Stat name={texts.collection.royalty}>{percent((royaltyBps ?? 0) / 10_000)}</Stat>
    </dl>
  );
}

function Website({ url }: { url: string }) {
  if (!/^https?:\/\//.test(url)) return null; // whoever owns the contract writes it
  return (
    <a
      href={url}
      rel="noopener noreferrer nofollow ugc"
      target="_blank"
      className="inline-flex items-center gap-1.5 hover:text-ink"
    >
      {texts.collection.website} <ExternalIcon className="size-4" />
    </a>
  );
}

function Description({ text }: { text?: string }) {
  const [whole, setWhole] = useState(false);
  if (!text) return null;
  const long = text.length > SHORT;
  return (
    <div className="mt-4 max-w-2xl">
      <p className={classes("whitespace-pre-line break-words", long && !whole && "line-clamp-2")}>{text}</p>
      {long && (
        <button
          type="button"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
          className="mt-1 font-medium text-accent"
        >
          {whole ? texts.collection.readLess : texts.collection.readMore}
        </button>
      )}
    </div>
  );
}

export function CollectionHeadSkeleton() {
  return (
    <Loading>
      <Skeleton className="aspect-[3/1] max-h-80 w-full rounded-none md:aspect-[5/1]" />
      <div className="shell">
        <Skeleton className="relative -mt-14 mb-4 size-28 rounded-[20px] border-4 border-canvas md:-mt-20 md:size-36" />
        <Skeleton className="h-10 w-64" />
        <Skeleton className="mt-2 h-6 w-48" />
        <Skeleton className="mt-4 h-6 max-w-xl" />
        <Skeleton className="mt-8 h-32 sm:h-12" />
      </div>
    </Loading>
  );
}
