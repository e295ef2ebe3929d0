// What is left of a price for who sells, after the market's fee and the creator's share.

import { queryOptions } from "@tanstack/react-query";

import { api, got, type Hex, type Schemas } from "~/api/client.ts";
import type { TokenAt } from "~/api/queries.ts";
import { fromWei, toWei } from "~/lib/amounts.ts";

type Built = Pick<Schemas["OrderBody"], "offerer" | "consideration">;

/** An order for one unit of money, which the market builds as it would build the listing. Nothing is signed of it. */
export function sampleQuery({ chainId, contract, tokenId }: TokenAt, maker: Hex | undefined) {
  return queryOptions({
    queryKey: ["sample-listing", chainId, contract, tokenId, maker],
    enabled: maker !== undefined,
    staleTime: 10 * 60_000,
    queryFn: async ({ signal }) => {
      const endAt = new Date(Date.now() + 86_400_000).toISOString();
      const orders = [{ kind: "list" as const, contract, tokenId, price: "1", endAt }];
      const body = { chainId, maker: maker as Hex, orders };
      const { orders: built } = await got(api.POST("/v1/orders/build", { body, signal }));
      return built[0]?.order ?? null;
    },
  });
}

/** What the maker of a listing like `sample` gets of a price; undefined if the sample pays nobody. */
export function receivedOf(price: string, { offerer, consideration }: Built): string | undefined {
  const wei = toWei(price);
  const total = sumOf(consideration);
  if (wei === undefined || total === 0n) return undefined;
  const own = consideration.filter((item) => item.recipient.toLowerCase() === offerer.toLowerCase());
  return fromWei((wei * sumOf(own)) / total);
}

function sumOf(items: Built["consideration"]): bigint {
  return items.reduce((total, item) => total + BigInt(item.startAmount), 0n);
}
