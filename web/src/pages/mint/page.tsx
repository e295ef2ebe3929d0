// Mints from one collection. The way of a mint is shown here, and is found again after a reload.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, useSyncExternalStore } from "react";

import type { Schemas } from "~/api/client.ts";
import { isMissing } from "~/api/problems.ts";
import { collectionQuery, tokenQuery } from "~/api/queries.ts";
import { FlowActions, FlowProgress } from "~/flows/FlowDialog.tsx";
import type { Flow } from "~/flows/flow.ts";
import { isOpen } from "~/flows/flow.ts";
import { useOwnFlows } from "~/flows/run.ts";
import { Bar } from "~/forms/Bar.tsx";
import { useTitle } from "~/layout/title.ts";
import { fromWei, shortAmount } from "~/lib/amounts.ts";
import { texts } from "~/texts/mint.ts";
import { Button, buttonClass } from "~/ui/Button.tsx";
import { Card } from "~/ui/Card.tsx";
import { HALF, Media } from "~/ui/Media.tsx";
import { Empty, ErrorState, Loading, NotFound, Skeleton } from "~/ui/states.tsx";
import { Badge, Price } from "~/ui/values.tsx";
import { MintForm } from "./MintForm.tsx";
import { isSoldOut, mintState } from "./rules.ts";

type Collection = Schemas["CollectionBody"];

const route = getRouteApi("/mint/$chainId/$contract");

export default function MintPage() {
  const at = route.useParams();
  const { data, error, refetch } = useQuery(collectionQuery(at));
  useTitle(data && texts.title(data.name));
  if (data !== undefined) return <Mint collection={data} />;
  if (error !== null) {
    if (isMissing(error)) return <NotFound />;
    return (
      <div className="shell py-16">
        <ErrorState error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  return <Waiting />;
}

function Mint({ collection }: { collection: Collection }) {
  const flow = useMintOf(collection);
  const open = useOpen(collection);
  const [left, setLeft] = useState<string | null>(null);
  const shown = flow !== undefined && flow.id !== left ? flow : undefined;
  return (
    <div className="shell grid items-start gap-8 py-10 lg:grid-cols-2 lg:gap-14">
      <Media
        src={collection.imageUrl}
        sizes={HALF}
        alt={collection.name}
        className="rounded-card border border-line"
        eager
      />
      <div className="flex min-w-0 flex-col gap-6">
        <div>
          <Link
            to="/collections/$chainId/$contract"
            params={{ chainId: collection.chainId, contract: collection.contract }}
            className="text-accent text-sm underline underline-offset-2"
          >
            {texts.back}
          </Link>
          <h1 className="mt-2 break-words font-semibold text-4xl tracking-tight">{texts.title(collection.name)}</h1>
          <p className="mt-3">
            <State collection={collection} />
          </p>
          {collection.description !== undefined && (
            <p className="mt-4 whitespace-pre-line text-muted">{collection.description}</p>
          )}
        </div>
        <Facts collection={collection} />
        {shown === undefined ? (
          collection.mint !== null &&
          (isSoldOut(collection) ? (
            <SoldOut collection={collection} />
          ) : (
            <Card className="p-5">
              <MintForm collection={collection} open={open} />
            </Card>
          ))
        ) : (
          <Underway flow={shown} collection={collection} open={open} onLeave={() => setLeft(shown.id)} />
        )}
      </div>
    </div>
  );
}

function State({ collection }: { collection: Collection }) {
  const words = useSyncExternalStore(eachSecond, () => mintState(collection, Date.now()).words);
  return <Badge tone={useOpen(collection) ? "accent" : "warn"}>{words}</Badge>;
}

function SoldOut({ collection: { chainId, contract } }: { collection: Collection }) {
  return (
    <Empty
      title={texts.soldOut.title}
      action={
        <Link
          to="/collections/$chainId/$contract"
          params={{ chainId, contract }}
          search={{ listed: true }}
          className={buttonClass("primary", "l")}
        >
          {texts.soldOut.look}
        </Link>
      }
    >
      {texts.soldOut.advice}
    </Empty>
  );
}

function Facts({ collection }: { collection: Collection }) {
  const { mint, maxSupply, totalMinted, standard } = collection;
  const whole = standard === "erc721" ? maxSupply : null;
  const price = fromWei(BigInt(mint?.price ?? "0"));
  return (
    <div>
      <dl className="grid grid-cols-3 gap-4">
        <Fact title={texts.price}>
          {price === "0" ? texts.free : <Price amount={price} chainId={collection.chainId} />}
        </Fact>
        <Fact title={texts.minted}>{texts.mintedOf(shortAmount(totalMinted), whole && shortAmount(whole))}</Fact>
        <Fact title={texts.limit}>{mint?.limitPerWallet ? texts.limitOf(mint.limitPerWallet) : texts.unlimited}</Fact>
      </dl>
      {whole !== null && whole !== "0" && (
        <Bar label={texts.progress} value={Number(totalMinted)} max={Number(whole)} className="mt-4" />
      )}
    </div>
  );
}

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col">
      <dt className="text-muted text-sm">{title}</dt>
      <dd className="figures mt-1 font-semibold text-lg">{children}</dd>
    </div>
  );
}

interface UnderwayProps {
  flow: Flow;
  collection: Collection;
  open: boolean;
  onLeave(): void;
}

function Underway({ flow, collection, open, onLeave }: UnderwayProps) {
  const tokenIds = flow.phase === "done" ? (flow.steps.at(-1)?.intent?.tokenIds ?? []) : [];
  return (
    <Card title={texts.timeline}>
      <div className="p-5">
        <FlowProgress flow={flow} />
        {tokenIds.length > 0 && <Got collection={collection} tokenIds={tokenIds} />}
        {flow.phase === "done" ? (
          <Button className="mt-6" disabled={!open} onClick={onLeave}>
            {texts.again}
          </Button>
        ) : (
          <FlowActions flow={flow} onClose={onLeave} />
        )}
      </div>
    </Card>
  );
}

function Got({ collection, tokenIds }: { collection: Collection; tokenIds: readonly string[] }) {
  return (
    <section className="mt-6">
      <h3 className="mb-3 font-semibold text-lg">{texts.got(tokenIds.length)}</h3>
      <ul className="grid grid-cols-3 gap-3 sm:grid-cols-4">
        {tokenIds.slice(0, 12).map((tokenId) => (
          <li key={tokenId}>
            <Minted collection={collection} tokenId={tokenId} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Its metadata is read a moment after the mint, so it is asked for until it is there. */
function Minted({ collection: { chainId, contract }, tokenId }: { collection: Collection; tokenId: string }) {
  const { data } = useQuery({
    ...tokenQuery({ chainId, contract, tokenId }),
    refetchInterval: ({ state }) =>
      state.data?.metadataStatus === undefined && state.dataUpdateCount < 15 ? 2_000 : false,
  });
  return (
    <Link
      to="/collections/$chainId/$contract/$tokenId"
      params={{ chainId, contract, tokenId }}
      className="block rounded-control"
    >
      <Media src={data?.imageUrl} alt="" className="rounded-control" />
      <span className="mt-1.5 block truncate text-sm">{data?.name ?? texts.token(tokenId)}</span>
    </Link>
  );
}

/** The newest mint of this collection that this browser knows of. An ended one is shown until the visitor goes on. */
function useMintOf({ chainId, contract }: Collection): Flow | undefined {
  const [since] = useState(() => Date.now());
  return useOwnFlows().find(
    (flow) =>
      flow.kind === "mint" &&
      flow.chainId === chainId &&
      (flow.body as { contract: string }).contract === contract &&
      (isOpen(flow) || Date.parse(flow.startedAt) > since - RECENT_MS),
  );
}

const RECENT_MS = 10 * 60_000;
/** For how long an ended mint is shown to who comes back. */

/** Whether it can be minted now. Whoever asks is rendered again only when that changes. */
function useOpen(collection: Collection): boolean {
  return useSyncExternalStore(eachSecond, () => mintState(collection, Date.now()).open);
}

function eachSecond(tick: () => void): () => void {
  const timer = setInterval(tick, 1_000);
  return () => clearInterval(timer);
}

function Waiting() {
  return (
    <Loading>
      <div className="shell grid gap-8 py-10 lg:grid-cols-2 lg:gap-14">
        <Skeleton className="aspect-square rounded-card" />
        <div className="flex flex-col gap-6">
          <Skeleton className="h-10 w-2/3" />
          <Skeleton className="h-20" />
          <Skeleton className="h-72 rounded-card" />
        </div>
      </div>
    </Loading>
  );
}
