import { signOut } from "@steadymint/client";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";

import { client } from "~/api/client.ts";
import { type Session, useSession } from "~/api/session.ts";
import { takeLeave } from "~/flows/user-change.ts";
import { classes } from "~/lib/classes.ts";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { WalletIcon } from "~/ui/icons.tsx";
import { toast } from "~/ui/toast.ts";
import { AddressMark, shortAddress } from "~/ui/values.tsx";
import { asking, requireSession } from "~/wallet/wallet.ts";
import { chooseTheme, theme } from "./theme.ts";

const ConnectDialog = lazy(() => import("~/wallet/ConnectDialog.tsx"));

const ITEM = "block w-full rounded-control px-3 py-2 text-left text-[15px] hover:bg-sunken";

/** Who is signed in, with their pages; else the way in. Renders the connect dialog while somebody waits for it. */
export function WalletMenu() {
  const session = useSession();
  const waiting = useStore(asking);
  return (
    <>
      {session === null ? (
        <Button onClick={() => void requireSession().catch(() => undefined)}>
          <WalletIcon />
          <span className="hidden sm:inline">{texts.wallet.connect}</span>
          <span className="sr-only sm:hidden">{texts.wallet.connect}</span>
        </Button>
      ) : (
        <Menu session={session} />
      )}
      {waiting !== null && (
        <Suspense>
          <ConnectDialog />
        </Suspense>
      )}
    </>
  );
}

function Menu({ session }: { session: Session }) {
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const shownTheme = useStore(theme);
  const other = shownTheme === "dark" ? "light" : "dark";

  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      const inside = ref.current?.contains(event.target as Node);
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !inside) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, [open]);

  const shut = (): void => setOpen(false);
  return (
    <div ref={ref} className="relative">
      <button
        type="button"
        aria-expanded={open}
        aria-label={texts.wallet.menu(shortAddress(session.address))}
        onClick={() => setOpen(!open)}
        className="flex h-10 items-center gap-2 rounded-control border border-line bg-surface px-2.5 hover:border-control"
      >
        <AddressMark address={session.address} />
        <span className="hidden font-mono text-sm md:inline">{shortAddress(session.address)}</span>
      </button>
      <div
        className={classes(
          "absolute top-full right-0 z-40 mt-2 w-60 rounded-card border border-line bg-surface p-2 shadow-lift",
          !open && "hidden",
        )}
      >
        <Link to="/account" className={ITEM} onClick={shut}>
          {texts.nav.account}
        </Link>
        <Link to="/create" className={ITEM} onClick={shut}>
          {texts.nav.create}
        </Link>
        <Link to="/launch" className={ITEM} onClick={shut}>
          {texts.nav.launch}
        </Link>
        <Link to="/settings" className={ITEM} onClick={shut}>
          {texts.nav.settings}
        </Link>
        <button type="button" className={classes(ITEM, "sm:hidden")} onClick={() => chooseTheme(other)}>
          {texts.nav[other]}
        </button>
        <hr className="my-2 border-line" />
        <button
          type="button"
          className={ITEM}
          onClick={() => {
            shut();
            void signOut(client).catch(toast.error);
            takeLeave();
          }}
        >
          {texts.wallet.signOut}
        </button>
      </div>
    </div>
  );
}
