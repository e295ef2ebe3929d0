import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { shownFlow } from "~/flows/run.ts";
import { onUserChange, userTurn } from "~/flows/user-change.ts";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { Toasts } from "~/ui/Toasts.tsx";
import { Footer } from "./Footer.tsx";
import { Header } from "./Header.tsx";

const FlowDialog = lazy(() => import("~/flows/FlowDialog.tsx"));

/** What every page stands in. */
export function Layout() {
  const flow = useStore(shownFlow);

  const turn = useStore(userTurn);

  useEffect(onUserChange, []);

  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-control focus:bg-accent focus:px-4 focus:py-2 focus:text-on-accent"
      >
        {texts.common.skip}
      </a>
      <Header />
      {/* It fills the window below the header, so the footer is out of sight while the page loads, and nobody sees it move. */}
      <main id="content" tabIndex={-1} className="min-h-[calc(100dvh-4rem)] outline-none">
        <Outlet key={turn} />
      </main>
      <Footer />
      <Toasts />
      {flow !== null && (
        <Suspense>
          <FlowDialog />
        </Suspense>
      )}
    </>
  );
}
