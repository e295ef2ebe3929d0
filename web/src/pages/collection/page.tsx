import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { isMissing } from "~/api/problems.ts";
import { collectionQuery } from "~/api/queries.ts";
import { useTitle } from "~/layout/title.ts";
import { shortCount } from "~/lib/amounts.ts";
import type { TabName } from "~/lib/filters.ts";
import { texts } from "~/texts.ts";
import { ErrorState, Loading, NotFound, Skeleton } from "~/ui/states.tsx";
import { Tabs } from "~/ui/Tabs.tsx";
import { CollectionHead, CollectionHeadSkeleton } from "./CollectionHead.tsx";
import { Items } from "./Items.tsx";

const Activity = lazy(() => import("./Activity.tsx"));
const Holders = lazy(() => import("./Holders.tsx"));
const Depth = lazy(() => import("./Depth.tsx"));

const ROUTE = "/collections/$chainId/$contract";

export default function CollectionPage() {
  const at = useParams({ from: ROUTE });
  const { tab = "items" } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const { data: collection, error, isPending, refetch } = useQuery(collectionQuery(at));
  useTitle(collection?.name ?? texts.collection.loading);

  if (isMissing(error)) return <NotFound what={texts.collection.missing} />;
  if (error !== null && collection === undefined) {
    return (
      <div className="shell py-16">
        <ErrorState error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  return (
    <>
      {isPending || collection === undefined ? <CollectionHeadSkeleton /> : <CollectionHead collection={collection} />}
      {/* The head has no height of its own before it is known, and would move what stands below it. */}
      <div className="shell mt-8" hidden={collection === undefined}>
        <Tabs
          label={texts.collection.tabs}
          shown={tab}
          onShow={(next) => {
            const chosen = next === "items" ? undefined : (next as TabName);
            void navigate({
              search: (before) => ({ ...before, tab: chosen }),
              resetScroll: false,
            });
          }}
          tabs={[
            {
              id: "items",
              label: texts.collection.items,
              count: shortCount(collection?.items ?? 0),
            },
            { id: "activity", label: texts.collection.activity },
            {
              id: "holders",
              label: texts.collection.holders,
              count: shortCount(collection?.owners ?? 0),
            },
            { id: "offers", label: texts.collection.offers },
          ]}
        >
          {/* Items have headings of their own, which stand below one of the tab. */}
          <h2 className="sr-only">{texts.collection[tab]}</h2>
          <Suspense
            fallback={
              <Loading>
                <Skeleton className="h-96" />
              </Loading>
            }
          >
            {tab === "items" && <Items at={at} collectionName={collection?.name ?? ""} />}
            {tab === "activity" && <Activity at={at} />}
            {tab === "holders" && <Holders at={at} />}
            {tab === "offers" && <Depth at={at} />}
          </Suspense>
        </Tabs>
      </div>
    </>
  );
}
