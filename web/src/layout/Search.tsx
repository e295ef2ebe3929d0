import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { type FormEvent, useDeferredValue, useEffect, useRef, useState } from "react";

import { searchQuery } from "~/api/queries.ts";
import { texts } from "~/texts.ts";
import { SearchIcon } from "~/ui/icons.tsx";
import { Media, THUMB } from "~/ui/Media.tsx";
import { Price } from "~/ui/values.tsx";

const SHOWN = 5;

/** The search of the header: results while one types, all of them on Enter. `/` puts the cursor into it. */
export function Search() {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.href });
  const q = useDeferredValue(text.trim());
  const { data } = useQuery({
    ...searchQuery(q, SHOWN),
    enabled: q.length > 1 && open,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the results
  useEffect(() => setOpen(false), [path]);

  useEffect(() => {
    const slash = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", slash);
    return () => document.removeEventListener("keydown", slash);
  }, []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (text.trim() === "") return;
    setOpen(false);
    input.current?.blur();
    void navigate({ to: "/search", search: { q: text.trim() } });
  }

  const results = open && q.length > 1 && data !== undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears what happens to the controls inside
    <div
      ref={box}
      className="relative min-w-0 flex-1 md:mx-4"
      onBlur={(event) => !box.current?.contains(event.relatedTarget) && setOpen(false)}
      onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: `search` is a landmark, and this is the form in it */}
      <form role="search" onSubmit={submit} className="relative">
        <SearchIcon className="pointer-events-none absolute top-2.5 left-3 size-5 text-muted" />
        <input
          ref={input}
          type="search"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
          }}
          onFocus={() => setOpen(true)}
          aria-label={texts.search.label}
          placeholder={texts.search.placeholder}
          className="h-10 w-full rounded-control border border-transparent bg-sunken pr-3 pl-10 text-[15px] placeholder:text-muted text-ellipsis hover:border-line focus:bg-surface"
        />
      </form>
      {results && (
        <div className="absolute inset-x-0 top-full z-40 mt-2 max-h-[70dvh] min-w-72 overflow-y-auto rounded-card border border-line bg-surface p-2 shadow-lift">
          {data.collections.length + data.tokens.length === 0 && (
            <p className="px-3 py-4 text-muted text-sm">{texts.search.nothing(q)}</p>
          )}
          {data.collections.length > 0 && (
            <h2 className="px-3 pt-2 pb-1 text-muted text-sm">{texts.search.collections}</h2>
          )}
          {data.collections.map((one) => (
            <Link
              key={one.contract}
              to="/collections/$chainId/$contract"
              params={{ chainId: one.chainId, contract: one.slug }}
              className="flex items-center gap-3 rounded-control px-3 py-2 hover:bg-sunken"
            >
              <Media src={one.imageUrl} sizes={THUMB} alt="" className="size-9 rounded-md" />
              <span className="min-w-0 flex-1 truncate font-medium">{one.name}</span>
              <Price amount={one.floorPrice} chainId={one.chainId} className="text-muted text-sm" />
            </Link>
          ))}
          {data.tokens.length > 0 && <h2 className="px-3 pt-2 pb-1 text-muted text-sm">{texts.search.tokens}</h2>}
          {data.tokens.map((one) => (
            <Link
              key={`${one.contract}-${one.tokenId}`}
              to="/collections/$chainId/$contract/$tokenId"
              params={{
                chainId: one.chainId,
                contract: one.collection.slug,
                tokenId: one.tokenId,
              }}
              className="flex items-center gap-3 rounded-control px-3 py-2 hover:bg-sunken"
            >
              <Media src={one.imageUrl} sizes={THUMB} alt="" className="size-9 rounded-md" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{one.name ?? `#${one.tokenId}`}</span>
                <span className="block truncate text-muted text-sm">{one.collection.name}</span>
              </span>
              <Price amount={one.price} chainId={one.chainId} className="text-muted text-sm" />
            </Link>
          ))}
        </div>
      )}
    </div>
  );
}
