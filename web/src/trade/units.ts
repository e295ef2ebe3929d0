// Units of a token: how many an order is about, and how many an account has.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, got, type Hex, type Schemas } from "~/api/client.ts";
import type { TokenAt } from "~/api/queries.ts";
import { times } from "~/lib/amounts.ts";

type Order = Pick<Schemas["ListedOrderView"], "inParts" | "fillable" | "quantity">;

/** Whether somebody may choose how many units of an order they take. */
export function isChoosable({ inParts, fillable }: Order): boolean {
  return inParts && fillable !== "1";
}

/** The units that are taken if nobody chooses: one of an order in parts, else all of it. */
export function plainUnits({ inParts, quantity }: Order): bigint {
  return inParts ? 1n : BigInt(quantity);
}

/** What is paid, or brought in, if nobody chooses. */
export function plainPrice(order: Pick<Schemas["ListedOrderView"], "price"> & Order): string {
  return times(order.price.amount, plainUnits(order)) ?? order.price.amount;
}

/** What somebody pays at least who buys the token: for one unit, or for all that are sold together only. */
export function askedOf({ price, lotSize }: Pick<Schemas["TokenBody"], "price" | "lotSize">): string | undefined {
  return price === undefined || lotSize === undefined ? price : (times(price, BigInt(lotSize)) ?? price);
}

/** The units in a request, which are one if it names none. An order that is no order in parts names all of them. */
export function quantityOf(units: bigint): { quantity?: string } {
  return units === 1n ? {} : { quantity: String(units) };
}

/** The units of an ERC-1155 token that an account has. */
export function heldUnitsQuery({ chainId, contract, tokenId }: TokenAt, address: Hex | undefined, enabled = true) {
  return queryOptions({
    queryKey: ["account", address, "units", chainId, contract, tokenId],
    enabled: enabled && address !== undefined,
    queryFn: async ({ signal }) => {
      const query = { chainId, contract, tokenId, includeSpam: true };
      const params = { path: { address: address as Hex }, query };
      const { items } = await got(api.GET("/v1/accounts/{address}/tokens", { params, signal }));
      return BigInt(items[0]?.quantity ?? 0);
    },
    structuralSharing: false, // it knows no bigint
  });
}

export function tokenHoldersQuery(path: TokenAt) {
  return infiniteQueryOptions({
    queryKey: ["token", path.chainId, path.contract, path.tokenId, "holders"],
    queryFn: ({ signal, pageParam: cursor }) =>
      got(
        api.GET("/v1/collections/{chainId}/{contract}/tokens/{tokenId}/holders", {
          params: { path, query: { cursor } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
