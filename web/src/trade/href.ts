// The page of what an order is about.

import type { CollectionAt } from "~/api/queries.ts";

export function hrefOf({ chainId, contract, tokenId }: CollectionAt & { tokenId?: string }): string {
  return [`/collections/${chainId}/${contract}`, tokenId].filter((part) => part !== undefined).join("/");
}
