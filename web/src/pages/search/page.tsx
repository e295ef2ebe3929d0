import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { searchQuery } from "~/api/queries.ts";
import { useTitle } from "~/layout/title.ts";
import { CollectionCard, CollectionCardSkeleton } from "~/pages/home/CollectionCard.tsx";
import { TOKEN_GRID, TokenCard, TokenCardSkeleton } from "~/parts/TokenCard.tsx";
import { texts } from "~/texts.ts";
import { Empty, ErrorState, Loading } from "~/ui/states.tsx";

const PLACES = [1, 2, 3, 4];
const SHOWN = 50;

export default function SearchPage() {
  const { q } = useSearch({ from: "/search" });
  useTitle(texts.search.title);
  const { data, error, isPending, refetch } = useQuery({
    ...searchQuery(q, SHOWN),
    enabled: q !== "",
  });
  const nothing = q === "" || (data !== undefined && data.collections.length + data.tokens.length === 0);

  return (
    <div className="shell pt-10">
      <h1 className="font-semibold text-3xl">{q === "" ? texts.search.title : texts.search.results(q)}</h1>
      <div className="mt-8 flex flex-col gap-12">
        {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
        {nothing && <Empty title={q === "" ? texts.search.label : texts.search.nothing(q)}>{texts.search.hint}</Empty>}
        {isPending && q !== "" && (
          <Loading>
            <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
              {PLACES.map((one) => (
                <CollectionCardSkeleton key={one} />
              ))}
            </div>
            <div className={`${TOKEN_GRID} mt-12`}>
              {PLACES.map((one) => (
                <TokenCardSkeleton key={one} />
              ))}
            </div>
          </Loading>
        )}
        {data !== undefined && data.collections.length > 0 && (
          <section>
            <h2 className="mb-4 font-semibold text-xl">{texts.search.collections}</h2>
            <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
              {data.collections.map((one) => (
                <CollectionCard key={one.contract} collection={one} />
              ))}
            </div>
          </section>
        )}
        {data !== undefined && data.tokens.length > 0 && (
          <section>
            <h2 className="mb-4 font-semibold text-xl">{texts.search.tokens}</h2>
            <div className={TOKEN_GRID}>
              {data.tokens.map((one) => (
                <TokenCard
                  key={`${one.contract}-${one.tokenId}`}
                  token={one}
                  contract={one.collection.slug}
                  collectionName={one.collection.name}
                />
              ))}
            </div>
          </section>
        )}
      </div>
    </div>
  );
}
