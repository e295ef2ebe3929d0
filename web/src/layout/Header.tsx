import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { useSession } from "~/api/session.ts";
import { isOpen } from "~/flows/flow.ts";
import { shownFlow, useOwnFlows } from "~/flows/run.ts";
import { classes } from "~/lib/classes.ts";
import { useStore } from "~/lib/store.ts";
import { type Wrap, wraps, wrapsOf } from "~/lib/wraps.ts";
import { texts } from "~/texts.ts";
import { IconButton } from "~/ui/Button.tsx";
import { MoonIcon, SunIcon } from "~/ui/icons.tsx";
import { Spinner } from "~/ui/Spinner.tsx";
import { CartButton } from "./CartButton.tsx";
import { Search } from "./Search.tsx";
import { chooseTheme, theme } from "./theme.ts";
import { WalletMenu } from "./WalletMenu.tsx";

const LINKS = [
  { to: "/", label: texts.nav.explore },
  { to: "/create", label: texts.nav.create },
  { to: "/launch", label: texts.nav.launch },
] as const;

const RETRY_MS = 10_000;

export function Header() {
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-canvas/90 backdrop-blur-md">
      <div className="shell flex h-16 items-center gap-2 md:gap-4">
        <Link to="/" className="flex shrink-0 items-center gap-2.5 rounded-control font-display font-semibold text-xl">
          <Mark />
          <span className="hidden sm:inline">{texts.site.name}</span>
          <span className="sr-only sm:hidden">{texts.site.name}</span>
        </Link>
        <Search />
        <nav aria-label={texts.nav.main} className="hidden items-center lg:flex">
          {LINKS.map((link) => (
            <Link
              key={link.to}
              to={link.to}
              activeOptions={{ exact: true }}
              className="rounded-control px-3 py-2 font-medium text-[15px] text-muted hover:text-ink aria-[current=page]:text-ink"
            >
              {link.label}
            </Link>
          ))}
        </nav>
        <PendingChip />
        <ThemeSwitch />
        <CartButton />
        <WalletMenu />
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-8" aria-hidden="true">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        d="M7 22V11l9 7 9-7v11"
        fill="none"
        className="stroke-on-accent"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

function ThemeSwitch() {
  const shown = useStore(theme);
  const other = shown === "dark" ? "light" : "dark";
  return (
    <IconButton label={texts.nav[other]} className="max-sm:hidden" onClick={() => chooseTheme(other)}>
      {shown === "dark" ? <SunIcon /> : <MoonIcon />}
    </IconButton>
  );
}

/** The code that looks at the chain is loaded when it is needed. Without a network it is asked for again. */
async function follow(left: readonly Wrap[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const { followWrap } = await import("~/trade/wrap.ts");
      await Promise.all(left.map((one) => followWrap(one, signal)));
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** How many flows are under way, with a list of them. */
function PendingChip() {
  const open = useOwnFlows().filter(isOpen);
  const account = useSession()?.address;
  const wrapping = wrapsOf(useStore(wraps), account);
  const count = open.length + wrapping.length;
  const [listed, setListed] = useState(false);
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!listed) return;
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !ref.current?.contains(event.target as Node)) {
        setListed(false);
      }
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, [listed]);

  // Whoever sent it: this page, an earlier one, or another tab.
  const hashes = wrapping.map(({ hash }) => hash).join();
  useEffect(() => {
    const left = wrapsOf(wraps.get(), account).filter(({ hash }) => hashes.includes(hash));
    if (left.length === 0) return;
    const leaving = new AbortController();
    void follow(left, leaving.signal);
    return () => leaving.abort();
  }, [account, hashes]);

  if (count === 0) return null;
  return (
    <div ref={ref} className="relative">
      <button
        type="button"
        aria-expanded={listed}
        aria-label={texts.nav.pending(count)}
        onClick={() => setListed(!listed)}
        className="flex h-9 items-center gap-2 rounded-full bg-accent-soft px-3 font-medium text-accent text-sm"
      >
        <Spinner />
        <span className="hidden whitespace-nowrap md:inline">{texts.nav.pending(count)}</span>
        <span className="md:hidden">{count}</span>
      </button>
      <ul
        className={classes(
          "absolute top-full right-0 mt-2 w-72 rounded-card border border-line bg-surface p-2 shadow-lift",
          !listed && "hidden",
        )}
      >
        {open.map((flow) => (
          <li key={flow.id}>
            <button
              type="button"
              onClick={() => {
                setListed(false);
                shownFlow.set(flow.id);
              }}
              className="w-full rounded-control px-3 py-2 text-left hover:bg-sunken"
            >
              <span className="block truncate font-medium text-sm">{flow.title}</span>
              <span className="block truncate text-muted text-sm">{texts.flow.phases[flow.phase]}</span>
            </button>
          </li>
        ))}
        {wrapping.map(({ hash, href, title }) => (
          <li key={hash}>
            <Link
              to={href}
              onClick={() => setListed(false)}
              className="block w-full rounded-control px-3 py-2 hover:bg-sunken"
            >
              <span className="block truncate font-medium text-sm">{title}</span>
              <span className="block truncate text-muted text-sm">{texts.flow.phases.following}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
