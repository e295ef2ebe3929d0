import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";

import type { Schemas } from "~/api/client.ts";
import { tokenOrdersQuery } from "~/api/queries.ts";
import { useSession } from "~/api/session.ts";
import { start } from "~/flows/run.ts";
import { cart, removeFromCart } from "~/lib/cart.ts";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { addTold } from "~/trade/toldCart.ts";
import { Button } from "~/ui/Button.tsx";
import { Card } from "~/ui/Card.tsx";
import { CartIcon, CheckIcon } from "~/ui/icons.tsx";
import { Skeleton } from "~/ui/states.tsx";
import { toast } from "~/ui/toast.ts";
import { Price, Time } from "~/ui/values.tsx";
import { walletErrorOf } from "~/wallet/provider.ts";

const ListDialog = lazy(() => import("~/trade/ListDialog.tsx"));
const OfferDialog = lazy(() => import("~/trade/OfferDialog.tsx"));

type Token = Schemas["TokenDetailBody"];
type Order = Schemas["ListedOrderView"];

/** A visitor who closes the connect dialog has said no; all else that stops a start is told. */
export function toldUnlessRefused(error: unknown): void {
  if (walletErrorOf(error)?.failure !== "rejected") toast.error(error);
}

/** What the token costs, and what the visitor can do: buy, put into the cart, offer; the owner lists and cancels. */
export function PriceBox({ token, collectionName }: { token: Token; collectionName: string }) {
  const session = useSession();
  const [dialog, setDialog] = useState<"list" | "offer" | null>(null);
  const listings = useInfiniteQuery(tokenOrdersQuery(token, "listing")).data?.pages.flatMap((page) => page.items);
  const offers = useInfiniteQuery(tokenOrdersQuery(token, "offer")).data?.pages.flatMap((page) => page.items);
  const own = session?.address;
  const listing = listings?.[0];
  const mine = listings?.find((one) => one.maker === own);
  const best = offers?.[0];
  const name = token.name ?? `#${token.tokenId}`;
  const at = {
    chainId: token.chainId,
    contract: token.contract,
    tokenId: token.tokenId,
  };
  const owns = own !== undefined && (token.owner === own || mine !== undefined);

  return (
    <Card className="p-5 sm:p-6">
      <div className="flex flex-wrap justify-between gap-x-8 gap-y-4">
        <div>
          <p className="text-muted text-sm">{texts.token.price}</p>
          <div className="flex min-h-10 items-center font-display font-semibold text-3xl">
            {listings === undefined && <Skeleton className="h-9 w-32" />}
            {listing !== undefined && <Price amount={listing.price.amount} currency={listing.price.currency.symbol} />}
            {listings !== undefined && listing === undefined && (
              <span className="font-sans font-medium text-lg">{texts.token.notListed}</span>
            )}
          </div>
          {listing?.endAt !== undefined && (
            <p className="text-muted text-sm">
              {texts.token.ends} <Time at={listing.endAt} />
            </p>
          )}
        </div>
        <div className="sm:text-right">
          <p className="text-muted text-sm">{texts.token.best}</p>
          <p className="flex min-h-10 items-center font-display font-semibold text-xl sm:justify-end">
            {offers === undefined ? (
              <Skeleton className="h-7 w-24" />
            ) : (
              <Price amount={best?.price.amount} currency={best?.price.currency.symbol} />
            )}
          </p>
        </div>
      </div>
      <div className="mt-5 grid gap-3 sm:grid-cols-2">
        {owns ? (
          <OwnerActions token={token} mine={mine} onList={() => setDialog("list")} />
        ) : (
          <>
            {listing !== undefined && <BuyActions token={token} listing={listing} collectionName={collectionName} />}
            <Button size="l" variant="secondary" className="sm:col-span-2" onClick={() => setDialog("offer")}>
              {texts.token.offer}
            </Button>
          </>
        )}
        {token.standard === "erc1155" && !owns && session !== null && (
          <Button size="l" variant="ghost" className="sm:col-span-2" onClick={() => setDialog("list")}>
            {texts.token.list}
          </Button>
        )}
      </div>
      <Suspense>
        {dialog === "list" && <ListDialog at={at} name={name} image={token.imageUrl} onClose={() => setDialog(null)} />}
        {dialog === "offer" && (
          <OfferDialog at={at} name={name} image={token.imageUrl} onClose={() => setDialog(null)} />
        )}
      </Suspense>
    </Card>
  );
}

function BuyActions({ token, listing, collectionName }: { token: Token; listing: Order; collectionName: string }) {
  const held = useStore(cart).some((one) => one.orderHash === listing.orderHash);
  const [busy, setBusy] = useState(false);
  const name = token.name ?? `#${token.tokenId}`;
  const { chainId, contract, tokenId, imageUrl } = token;

  async function buy(): Promise<void> {
    setBusy(true);
    try {
      await start({
        kind: "purchase",
        chainId,
        body: {
          chainId,
          items: [{ orderHash: listing.orderHash }],
          maxTotal: listing.price.amount,
        },
        title: texts.token.buyTitle(name),
        image: imageUrl,
        href: `/collections/${chainId}/${contract}/${tokenId}`,
      });
    } catch (error) {
      toldUnlessRefused(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button size="l" busy={busy} onClick={() => void buy()}>
        {texts.token.buy}
      </Button>
      <Button
        size="l"
        variant="secondary"
        aria-pressed={held}
        onClick={() => {
          if (held) removeFromCart(listing.orderHash);
          else
            addTold({
              orderHash: listing.orderHash,
              chainId,
              contract,
              tokenId,
              name,
              collection: collectionName,
              imageUrl,
              price: listing.price.amount,
              currency: listing.price.currency.symbol,
            });
        }}
      >
        {held ? <CheckIcon /> : <CartIcon />}
        {held ? texts.token.inCart : texts.token.add}
      </Button>
    </>
  );
}

function OwnerActions({ token, mine, onList }: { token: Token; mine?: Order; onList: () => void }) {
  const [busy, setBusy] = useState(false);
  const { chainId, contract, tokenId } = token;

  async function cancel(order: Order): Promise<void> {
    setBusy(true);
    try {
      await start({
        kind: "cancel",
        chainId,
        body: { chainId, orderHashes: [order.orderHash] },
        title: texts.token.cancelTitle(token.name ?? `#${tokenId}`),
        image: token.imageUrl,
        href: `/collections/${chainId}/${contract}/${tokenId}`,
      });
    } catch (error) {
      toldUnlessRefused(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button size="l" className={mine === undefined ? "sm:col-span-2" : ""} onClick={onList}>
        {mine === undefined ? texts.token.list : texts.token.relist}
      </Button>
      {mine !== undefined && (
        <Button size="l" variant="secondary" busy={busy} onClick={() => void cancel(mine)}>
          {texts.token.cancel}
        </Button>
      )}
    </>
  );
}
