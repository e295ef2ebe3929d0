import { useQuery } from "@tanstack/react-query";

import { type CollectionAt, collectionQuery } from "~/api/queries.ts";
import { shortAddress } from "~/ui/values.tsx";

/** The collection of a row that has only its address. Rows of the same one share the request. Its width is set, so that
 * no column moves when the name comes. */
export function CollectionName({ chainId, contract }: CollectionAt) {
  const { data } = useQuery(collectionQuery({ chainId, contract }));
  return (
    <span className="block w-[4.25rem] truncate text-muted text-sm md:w-44" title={data?.name}>
      {data?.name ?? shortAddress(contract)}
    </span>
  );
}
