import { useEffect, useRef } from "react";

import { texts } from "~/texts.ts";
import { Button } from "./Button.tsx";

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The end of a list that goes on: it loads more when it comes into view, and when it is pressed. */
export function MoreButton({ pages }: { pages: Pages }) {
  const ref = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;

  useEffect(() => {
    const element = ref.current;
    if (element === null || !hasNextPage || isFetchingNextPage) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((one) => one.isIntersecting) && fetchNextPage(),
      {
        rootMargin: "600px",
      },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (!hasNextPage) return null;
  return (
    <div ref={ref} className="flex justify-center pt-8">
      <Button variant="secondary" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
        {texts.common.more}
      </Button>
    </div>
  );
}
