import { useQuery } from "@tanstack/react-query";

import { type CollectionAt, collectionQuery } from "~/api/queries.ts";
import { shortAddress } from "~/ui/values.tsx";

/** The collection of a row that has only its address. Rows of the same one share the request. */
export function CollectionName({ chainId, contract }: CollectionAt) {
  const { data } = useQuery(collectionQuery({ chainId, contract }));
  return (
    <span className="block max-w-24 truncate text-muted text-sm md:max-w-none">
      {data?.name ?? shortAddress(contract)}
    </span>
  );
}
