import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { type CollectionAt, tokensQuery } from "~/api/queries.ts";
import { type Filters, filterCount, type Sort, tokensQueryOf, withTrait } from "~/lib/filters.ts";
import { TOKEN_GRID, TokenCard, TokenCardSkeleton } from "~/parts/TokenCard.tsx";
import { texts } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { CloseIcon, FilterIcon, SearchIcon } from "~/ui/icons.tsx";
import { MoreButton } from "~/ui/MoreButton.tsx";
import { Empty, ErrorState, Loading } from "~/ui/states.tsx";
import { FilterPanel } from "./FilterPanel.tsx";

const ROUTE = "/collections/$chainId/$contract";
const PLACES = [1, 2, 3, 4, 5, 6, 7, 8];
/** Cards that are in view at first. */
const EAGER = 8;

const SORTS: Record<string, { label: string; sort?: Sort; order?: "desc" }> = {
  number: { label: texts.collection.sorts.number },
  "number-desc": { label: texts.collection.sorts.numberDesc, order: "desc" },
  price: { label: texts.collection.sorts.price, sort: "price" },
  "price-desc": {
    label: texts.collection.sorts.priceDesc,
    sort: "price",
    order: "desc",
  },
  rank: { label: texts.collection.sorts.rank, sort: "rank" },
  recent: { label: texts.collection.sorts.recent, sort: "recent" },
};

/** The items of a collection. Filters and sort are in the address of the page. */
export function Items({ at, collectionName }: { at: CollectionAt; collectionName: string }) {
  const filters = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const [sheet, setSheet] = useState(false);
  const query = useInfiniteQuery(tokensQuery(at, tokensQueryOf(filters)));
  const tokens = query.data?.pages.flatMap((page) => page.items) ?? [];
  const count = filterCount(filters);

  const show = (next: Filters): void => void navigate({ search: next, replace: true, resetScroll: false });
  const clear = (): void => show({ sort: filters.sort, order: filters.order });

  return (
    <div className="grid gap-8 lg:grid-cols-[260px_1fr]">
      <aside className="hidden lg:block" aria-label={texts.collection.filters}>
        <FilterPanel at={at} filters={filters} onChange={show} />
      </aside>
      <div className="min-w-0">
        <div className="mb-4 flex flex-wrap gap-3">
          <Button variant="secondary" className="lg:hidden" onClick={() => setSheet(true)}>
            <FilterIcon /> {texts.collection.filters}
            {count > 0 && <span className="figures text-accent">{count}</span>}
          </Button>
          <NameSearch key={filters.q} q={filters.q} onSearch={(q) => show({ ...filters, q })} />
          <select
            aria-label={texts.collection.sort}
            value={sortName(filters)}
            onChange={(event) => {
              const { sort, order } = SORTS[event.target.value] ?? {};
              show({ ...filters, sort, order });
            }}
            className="h-10 min-w-0 flex-1 rounded-control border border-line bg-surface px-3 text-[15px] sm:flex-none"
          >
            {Object.entries(SORTS).map(([name, { label }]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </div>
        {count > 0 && <Chips filters={filters} onChange={show} onClear={clear} />}
        {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && (
          <Loading>
            <div className={TOKEN_GRID}>
              {PLACES.map((one) => (
                <TokenCardSkeleton key={one} />
              ))}
            </div>
          </Loading>
        )}
        {query.isSuccess && tokens.length === 0 && (
          <NoItems filtered={count > 0 || filters.q !== undefined} onClear={clear} />
        )}
        {tokens.length > 0 && (
          <div className={TOKEN_GRID}>
            {tokens.map((token, place) => (
              <TokenCard
                key={token.tokenId}
                token={token}
                contract={at.contract}
                collectionName={collectionName}
                eager={place < EAGER}
              />
            ))}
          </div>
        )}
        <MoreButton pages={query} />
      </div>
      {sheet && (
        <Dialog title={texts.collection.filters} onClose={() => setSheet(false)} sheet>
          <FilterPanel at={at} filters={filters} onChange={show} />
          <Button className="mt-6 w-full" size="l" onClick={() => setSheet(false)}>
            {texts.collection.show(count)}
          </Button>
        </Dialog>
      )}
    </div>
  );
}

function sortName({ sort = "number", order }: Filters): string {
  return order === "desc" ? `${sort}-desc` : sort;
}

function NameSearch({ q, onSearch }: { q?: string; onSearch: (q: string | undefined) => void }) {
  const [text, setText] = useState(q ?? "");
  return (
    <form
      className="relative order-last w-full flex-none sm:order-none sm:w-auto sm:flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text.trim() || undefined);
      }}
    >
      <SearchIcon className="pointer-events-none absolute top-2.5 left-3 size-5 text-muted" />
      <input
        type="search"
        aria-label={texts.collection.searchItems}
        placeholder={texts.collection.searchItems}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === "" && q !== undefined) onSearch(undefined);
        }}
        className="h-10 w-full rounded-control border border-line bg-surface pr-3 pl-10 text-[15px] placeholder:text-muted"
      />
    </form>
  );
}

function Chips({
  filters,
  onChange,
  onClear,
}: {
  filters: Filters;
  onChange: (next: Filters) => void;
  onClear: () => void;
}) {
  const chips: [string, Filters][] = (filters.traits ?? []).map((one) => [
    one.replace(":", ": "),
    withTrait(filters, one),
  ]);
  if (filters.listed) chips.push([texts.collection.onlyListed, { ...filters, listed: undefined }]);
  if (filters.min !== undefined || filters.max !== undefined) {
    const name = `${texts.collection.price}: ${filters.min ?? "0"} – ${filters.max ?? "∞"}`;
    chips.push([name, { ...filters, min: undefined, max: undefined }]);
  }
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      {chips.map(([name, without]) => (
        <button
          key={name}
          type="button"
          aria-label={texts.collection.remove(name)}
          onClick={() => onChange(without)}
          className="inline-flex h-8 items-center gap-1.5 rounded-full bg-accent-soft pr-2 pl-3 font-medium text-accent text-sm"
        >
          {name} <CloseIcon className="size-4" />
        </button>
      ))}
      <button type="button" onClick={onClear} className="h-8 px-2 font-medium text-muted text-sm hover:text-ink">
        {texts.collection.clear}
      </button>
    </div>
  );
}

function NoItems({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered) return <Empty title={texts.collection.none}>{texts.collection.noneHint}</Empty>;
  return (
    <Empty title={texts.collection.nothing} action={<Button onClick={onClear}>{texts.collection.clear}</Button>}>
      {texts.collection.nothingHint}
    </Empty>
  );
}
