import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";

import type { Schemas } from "~/api/client.ts";
import { type TokenAt, tokenOrdersQuery } from "~/api/queries.ts";
import { useSession } from "~/api/session.ts";
import { FlowButton } from "~/flows/FlowButton.tsx";
import { cart, removeFromCart } from "~/lib/cart.ts";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { addTold, itemOf } from "~/trade/toldCart.ts";
import { isChoosable, plainPrice } from "~/trade/units.ts";
import { Button } from "~/ui/Button.tsx";
import { Card } from "~/ui/Card.tsx";
import { CartIcon, CheckIcon } from "~/ui/icons.tsx";
import { Skeleton } from "~/ui/states.tsx";
import { Price, Time } from "~/ui/values.tsx";
import { buy, cancel } from "./trades.ts";

const FillDialog = lazy(() => import("~/trade/FillDialog.tsx"));
const ListDialog = lazy(() => import("~/trade/ListDialog.tsx"));
const OfferDialog = lazy(() => import("~/trade/OfferDialog.tsx"));

type Token = Schemas["TokenDetailBody"];
type Order = Schemas["ListedOrderView"];

interface Props {
  token: Token;
  /** Of the page, by which the orders are kept. */
  path: TokenAt;
  collectionName: string;
  /** Units of an ERC-1155 token that the visitor has. */
  held?: bigint;
}

/** What the token costs, and what the visitor can do: buy, put into the cart, offer; the owner lists and cancels. */
export function PriceBox({ token, path, collectionName, held = 0n }: Props) {
  const session = useSession();
  const [dialog, setDialog] = useState<"list" | "offer" | { fill: Order } | null>(null);
  const listings = useInfiniteQuery(tokenOrdersQuery(path, "listing")).data?.pages.flatMap((page) => page.items);
  const offers = useInfiniteQuery(tokenOrdersQuery(path, "offer")).data?.pages.flatMap((page) => page.items);
  const own = session?.address;
  const edition = token.standard === "erc1155";
  const mine = listings?.find((one) => one.maker === own);
  // Of an edition others may sell as well; nobody buys from themselves.
  const listing = listings?.find((one) => !edition || one.maker !== own) ?? listings?.[0];
  const best = offers?.[0];
  const name = token.name ?? `#${token.tokenId}`;
  const at = {
    chainId: token.chainId,
    contract: token.contract,
    tokenId: token.tokenId,
  };
  const owns = own !== undefined && (edition ? held > 0n : token.owner === own || mine !== undefined);
  const sells = owns || mine !== undefined;
  const buys = edition || !owns;

  return (
    <Card className="p-5 sm:p-6">
      <div className="flex flex-wrap justify-between gap-x-8 gap-y-4">
        <div>
          <p className="text-muted text-sm">{texts.token.price}</p>
          <div className="flex min-h-10 items-center font-display font-semibold text-3xl">
            {listings === undefined && <Skeleton className="h-9 w-32" />}
            {listing !== undefined && <Price amount={plainPrice(listing)} currency={listing.price.currency.symbol} />}
            {listings !== undefined && listing === undefined && (
              <span className="font-sans font-medium text-lg">{texts.token.notListed}</span>
            )}
          </div>
          {listing !== undefined && listing.fillable !== "1" && (
            <p className="text-muted text-sm">
              {listing.inParts ? texts.token.parts(listing.fillable) : texts.token.whole(listing.quantity)}
            </p>
          )}
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
              <Price amount={best && plainPrice(best)} currency={best?.price.currency.symbol} />
            )}
          </p>
        </div>
      </div>
      <div className="mt-5 grid gap-3 sm:grid-cols-2">
        {sells && <OwnerActions token={token} mine={mine} onList={() => setDialog("list")} />}
        {buys && (
          <>
            {listing !== undefined && listing.maker !== own && (
              <BuyActions
                token={token}
                listing={listing}
                collectionName={collectionName}
                onChoose={edition && isChoosable(listing) ? () => setDialog({ fill: listing }) : undefined}
              />
            )}
            <Button size="l" variant="secondary" className="sm:col-span-2" onClick={() => setDialog("offer")}>
              {texts.token.offer}
            </Button>
          </>
        )}
      </div>
      <Suspense>
        {dialog === "list" && (
          <ListDialog
            at={at}
            name={name}
            image={token.imageUrl}
            held={edition ? held : undefined}
            onClose={() => setDialog(null)}
          />
        )}
        {dialog === "offer" && (
          <OfferDialog
            at={at}
            name={name}
            image={token.imageUrl}
            supply={edition ? BigInt(token.supply) : undefined}
            onClose={() => setDialog(null)}
          />
        )}
        {typeof dialog === "object" && dialog !== null && (
          <FillDialog token={token} order={dialog.fill} onClose={() => setDialog(null)} />
        )}
      </Suspense>
    </Card>
  );
}

interface BuyProps {
  token: Token;
  listing: Order;
  collectionName: string;
  /** Asks how many units; left out where there is nothing to choose. */
  onChoose?: () => void;
}

function BuyActions({ token, listing, collectionName, onChoose }: BuyProps) {
  const held = useStore(cart).some((one) => one.orderHash === listing.orderHash);

  return (
    <>
      {onChoose === undefined ? (
        <FlowButton size="l" begin={() => buy(token, listing)}>
          {texts.token.buy}
        </FlowButton>
      ) : (
        <Button size="l" onClick={onChoose}>
          {texts.token.buy}
        </Button>
      )}
      <Button
        size="l"
        variant="secondary"
        aria-pressed={held}
        onClick={() => {
          if (held) removeFromCart(listing.orderHash);
          else addTold(itemOf(token, listing, collectionName));
        }}
      >
        {held ? <CheckIcon /> : <CartIcon />}
        {held ? texts.token.inCart : texts.token.add}
      </Button>
    </>
  );
}

function OwnerActions({ token, mine, onList }: { token: Token; mine?: Order; onList: () => void }) {
  return (
    <>
      <Button size="l" className={mine === undefined ? "sm:col-span-2" : ""} onClick={onList}>
        {mine === undefined ? texts.token.list : texts.token.relist}
      </Button>
      {mine !== undefined && (
        <FlowButton size="l" variant="secondary" begin={() => cancel(token, mine)}>
          {texts.token.cancel}
        </FlowButton>
      )}
    </>
  );
}
