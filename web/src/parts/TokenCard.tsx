import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { Schemas } from "~/api/client.ts";
import { tokenOrdersQuery } from "~/api/queries.ts";
import { cart, removeFromCart } from "~/lib/cart.ts";
import { classes } from "~/lib/classes.ts";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { addTold, itemOf } from "~/trade/toldCart.ts";
import { CartIcon, CheckIcon } from "~/ui/icons.tsx";
import { Media } from "~/ui/Media.tsx";
import { Skeleton } from "~/ui/states.tsx";
import { toast } from "~/ui/toast.ts";
import { Badge } from "~/ui/values.tsx";
import { ListedPrice } from "./ListedPrice.tsx";

interface Props {
  token: Schemas["TokenBody"];
  /** The slug or the address, for the link. */
  contract: string;
  collectionName: string;
  eager?: boolean;
}

/** A token in a grid. The whole card is one link; the cart's button lies above it. */
export function TokenCard({ token, contract, collectionName, eager }: Props) {
  const name = token.name ?? `#${token.tokenId}`;
  return (
    <article className="group relative overflow-hidden rounded-card border border-line bg-surface transition-shadow hover:shadow-lift">
      <Media
        src={token.imageUrl}
        alt=""
        eager={eager}
        className="[&_img]:transition-transform [&_img]:duration-300 group-hover:[&_img]:scale-[1.03]"
      />
      <div className="flex flex-col gap-2 p-3 sm:p-4">
        <div className="flex items-center justify-between gap-2">
          <h3 className="min-w-0 truncate font-medium font-sans text-[15px]">
            <Link
              to="/collections/$chainId/$contract/$tokenId"
              params={{
                chainId: token.chainId,
                contract,
                tokenId: token.tokenId,
              }}
              className="after:absolute after:inset-0 after:rounded-card focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
            >
              {name}
            </Link>
          </h3>
          {token.rank !== undefined && (
            <span className="hidden shrink-0 sm:block">
              <Badge>
                <span className="sr-only">{texts.collection.rankOf(token.rank)}</span>
                <span aria-hidden="true">#{token.rank}</span>
              </Badge>
            </span>
          )}
        </div>
        <div className="flex h-8 items-center justify-between gap-2">
          {token.price === undefined ? (
            <span className="text-muted text-sm">{texts.collection.notListed}</span>
          ) : (
            <ListedPrice token={token} className="truncate font-semibold" />
          )}
          {token.price !== undefined && <CartToggle token={token} name={name} collectionName={collectionName} />}
        </div>
      </div>
    </article>
  );
}

function CartToggle({
  token,
  name,
  collectionName,
}: {
  token: Schemas["TokenBody"];
  name: string;
  collectionName: string;
}) {
  const client = useQueryClient();
  const held = useStore(cart).find((one) => one.contract === token.contract && one.tokenId === token.tokenId);

  async function toggle(): Promise<void> {
    if (held !== undefined) {
      removeFromCart(held.orderHash);
      return;
    }
    try {
      const { pages } = await client.fetchInfiniteQuery(tokenOrdersQuery(token, "listing"));
      const order = pages[0]?.items[0];
      if (order === undefined) {
        toast.refused(texts.trade.sold);
        return;
      }
      addTold(itemOf(token, order, collectionName));
    } catch (error) {
      toast.error(error);
    }
  }

  const label = held === undefined ? texts.collection.add(name) : texts.collection.drop(name);
  return (
    <button
      type="button"
      aria-pressed={held !== undefined}
      aria-label={label}
      title={label}
      onClick={() => void toggle()}
      className={classes(
        "relative z-10 grid size-8 place-items-center rounded-control transition-colors",
        held === undefined ? "text-muted hover:bg-accent-soft hover:text-accent" : "bg-accent text-on-accent",
      )}
    >
      {held === undefined ? <CartIcon className="size-[18px]" /> : <CheckIcon className="size-[18px]" />}
    </button>
  );
}

export function TokenCardSkeleton() {
  return (
    <div className="overflow-hidden rounded-card border border-line bg-surface">
      <Skeleton className="aspect-square rounded-none" />
      <div className="flex flex-col gap-2 p-3 sm:p-4">
        <Skeleton className="h-[23px] w-2/3" />
        <Skeleton className="h-8 w-1/2" />
      </div>
    </div>
  );
}

export const TOKEN_GRID = "grid grid-cols-2 gap-3 sm:gap-4 md:grid-cols-3 xl:grid-cols-4";
