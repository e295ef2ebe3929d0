import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { isMissing } from "~/api/problems.ts";
import { collectionQuery, tokenOrdersQuery, tokenQuery } from "~/api/queries.ts";
import { useSession } from "~/api/session.ts";
import { useTitle } from "~/layout/title.ts";
import { Person } from "~/parts/Person.tsx";
import { texts } from "~/texts.ts";
import { heldUnitsQuery } from "~/trade/units.ts";
import { HALF, Media } from "~/ui/Media.tsx";
import { ErrorState, Loading, NotFound, Skeleton } from "~/ui/states.tsx";
import { Badge, Verified } from "~/ui/values.tsx";
import { Details } from "./Details.tsx";
import { History } from "./History.tsx";
import { Holders } from "./Holders.tsx";
import { Orders } from "./Orders.tsx";
import { PriceBox } from "./PriceBox.tsx";
import { Traits } from "./Traits.tsx";

export default function TokenPage() {
  const at = useParams({ from: "/collections/$chainId/$contract/$tokenId" });
  const session = useSession();
  const { data: token, error, refetch } = useQuery(tokenQuery(at));
  const { data: collection } = useQuery(collectionQuery(at));
  const edition = token?.standard === "erc1155";
  const counting = useQuery(heldUnitsQuery(at, session?.address, edition));
  const held = counting.data;
  const listings = useInfiniteQuery(tokenOrdersQuery(at, "listing"));
  const offers = useInfiniteQuery(tokenOrdersQuery(at, "offer"));
  const asking = [listings, offers, counting].some(isFirstTry);
  const waits = useWaits(`${at.chainId}/${at.contract}/${at.tokenId}`, token === undefined || asking);
  const name = token?.name ?? `#${at.tokenId}`;
  useTitle(token === undefined ? texts.token.loading : name);

  if (isMissing(error)) return <NotFound what={texts.token.missing} />;
  if (error !== null && token === undefined) {
    return (
      <div className="shell py-16">
        <ErrorState error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (token === undefined) return <TokenSkeleton />;
  return (
    <div className="shell grid gap-8 pt-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.08fr)] lg:gap-12 lg:pt-10">
      <div className="lg:sticky lg:top-24 lg:self-start">
        <Media src={token.imageUrl} sizes={HALF} alt={name} eager className="rounded-[20px] border border-line" />
      </div>
      <div className="flex min-w-0 flex-col gap-8">
        <header>
          <div className="flex items-center gap-1.5">
            <Link
              to="/collections/$chainId/$contract"
              params={{
                chainId: at.chainId,
                contract: collection?.slug ?? at.contract,
              }}
              className="font-medium text-accent hover:underline"
            >
              {collection?.name ?? <Skeleton className="h-6 w-32" />}
            </Link>
            {collection?.verified && <Verified />}
          </div>
          <h1 className="mt-1 break-words font-semibold text-3xl md:text-4xl">{name}</h1>
          {/* The height of this line, the price and the orders depends on the owner and the orders. */}
          <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-muted" hidden={waits}>
            {token.owner !== null && (
              <span className="inline-flex items-center gap-2">
                {texts.token.owner} <Person address={token.owner} chainId={token.chainId} copy inline />
              </span>
            )}
            {edition && <span>{texts.token.units(token.supply)}</span>}
            {held !== undefined && held > 0n && <Badge tone="accent">{texts.token.held(String(held))}</Badge>}
            {token.rank !== undefined && token.ranked !== undefined && (
              <Badge tone="accent">{texts.token.rarity(token.rank, token.ranked)}</Badge>
            )}
            {token.burned && <Badge tone="warn">{texts.token.burned}</Badge>}
            {token.flags?.map((flag) => (
              <Badge key={flag} tone="danger">
                {texts.token.flags[flag]}
              </Badge>
            ))}
          </p>
        </header>
        {waits && (
          <Loading>
            <TradeSkeleton />
          </Loading>
        )}
        <div className={waits ? "hidden" : "contents"}>
          {!token.burned && <PriceBox token={token} path={at} collectionName={collection?.name ?? ""} held={held} />}
          {token.description !== undefined && (
            <section>
              <h2 className="mb-2 font-semibold text-lg">{texts.token.description}</h2>
              <p className="whitespace-pre-line break-words">{token.description}</p>
            </section>
          )}
          <Traits token={token} slug={collection?.slug ?? at.contract} />
          <Orders token={token} path={at} side="listing" held={held} />
          <Orders token={token} path={at} side="offer" held={held} />
          <Details token={token} royaltyBps={collection?.royaltyBps} />
          {edition && <Holders token={token} />}
          <History at={at} />
        </div>
      </div>
    </div>
  );
}

/** Whether the page of a token waits for `asking`. Once it was shown it waits no more, whatever is asked for: a sign-in
 * must not hide the dialog in which it was asked for. */
function useWaits(token: string, asking: boolean): boolean {
  const [shown, setShown] = useState<string>();
  if (!asking && shown !== token) setShown(token);
  return asking && shown !== token;
}

/** Whether the answer is under way and no try has failed: further tries may take long. */
function isFirstTry({ isLoading, failureCount }: { isLoading: boolean; failureCount: number }): boolean {
  return isLoading && failureCount === 0;
}

function TokenSkeleton() {
  return (
    <Loading>
      <div className="shell grid gap-8 pt-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.08fr)] lg:gap-12 lg:pt-10">
        <Skeleton className="aspect-square rounded-[20px]" />
        <div className="flex flex-col gap-4">
          <Skeleton className="h-6 w-32" />
          <Skeleton className="h-10 w-72" />
          <TradeSkeleton />
        </div>
      </div>
    </Loading>
  );
}

function TradeSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-6 w-56" />
      <Skeleton className="mt-4 h-48 rounded-card" />
      <Skeleton className="mt-4 h-64 rounded-card" />
    </div>
  );
}
