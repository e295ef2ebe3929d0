import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";

import { texts } from "~/texts.ts";
import { ErrorState, NotFound } from "~/ui/states.tsx";
import { useTitle } from "./title.ts";

/** An address that is no page. */
export function PageNotFound() {
  useTitle(texts.notFound.title);
  return <NotFound />;
}

/** An error that a page did not catch. A new version of the page may have taken the place of this one's files. */
export function PageError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const path = useRouterState({ select: (state) => state.location.href });
  const outdated = error instanceof Error && /dynamically imported module|Importing a module/.test(error.message);

  useEffect(() => {
    const key = `steadymint.reloaded:${path}`;
    if (!outdated || sessionStorage.getItem(key) !== null) return;
    sessionStorage.setItem(key, "yes");
    window.location.reload();
  }, [outdated, path]);

  return (
    <div className="shell py-16">
      <ErrorState error={error} onRetry={onRetry} />
    </div>
  );
}
