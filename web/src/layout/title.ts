import { useEffect } from "react";

import { texts } from "~/texts.ts";

/** The title of the page, while the component is shown. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · ${texts.site.name}`;
  }, [title]);
}
