import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { collectionsQuery } from "~/api/queries.ts";
import { useTitle } from "~/layout/title.ts";
import { texts } from "~/texts.ts";
import { buttonClass } from "~/ui/Button.tsx";
import { Empty, ErrorState, Loading, Skeleton } from "~/ui/states.tsx";
import { CollectionCard, CollectionCardSkeleton } from "./CollectionCard.tsx";
import { Hero } from "./Hero.tsx";
import { Trending } from "./Trending.tsx";

const CARDS = [1, 2, 3, 4];

export default function Home() {
  useTitle(texts.home.title);
  const trending = useQuery(collectionsQuery({ sort: "volume", limit: 12 }));
  const fresh = useQuery(collectionsQuery({ sort: "newest", limit: 8 }));
  // The length of the first list decides the place of the second.
  const first = trending.data?.items ?? [];
  // Without a first collection by volume the newest one stands in the hero, or there is none at all.
  const waits = trending.isPending || (trending.isSuccess && first.length === 0 && fresh.isPending);
  const none = fresh.data?.items.length === 0;

  return (
    <>
      <Hero featured={trending.isPending ? undefined : (first[0] ?? fresh.data?.items[0])} loading={waits} />
      <section className="shell mt-16" aria-labelledby="trending">
        <div className="mb-5 flex items-baseline justify-between gap-4">
          <h2 id="trending" className="font-semibold text-2xl">
            {texts.home.trending}
          </h2>
          <p className="text-muted text-sm">{texts.home.trendingHint}</p>
        </div>
        {trending.isError && <ErrorState error={trending.error} onRetry={() => void trending.refetch()} />}
        {waits && (
          <Loading>
            <div className="grid gap-x-12 lg:grid-cols-2">
              {[...CARDS, 5, 6].map((one) => (
                <Skeleton key={one} className="my-2 h-16" />
              ))}
            </div>
          </Loading>
        )}
        {first.length > 0 && <Trending collections={first} />}
        {!waits && none && (
          <Empty
            title={texts.home.empty}
            action={
              <Link to="/create" className={buttonClass()}>
                {texts.home.create}
              </Link>
            }
          >
            {texts.home.emptyHint}
          </Empty>
        )}
      </section>
      {!none && (
        <section className="shell mt-16" aria-labelledby="fresh" hidden={waits}>
          <h2 id="fresh" className="mb-5 font-semibold text-2xl">
            {texts.home.fresh}
          </h2>
          {fresh.isError && <ErrorState error={fresh.error} onRetry={() => void fresh.refetch()} />}
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
            {fresh.isPending && CARDS.map((one) => <CollectionCardSkeleton key={one} />)}
            {fresh.data?.items.map((one) => (
              <CollectionCard key={one.contract} collection={one} />
            ))}
          </div>
        </section>
      )}
    </>
  );
}
