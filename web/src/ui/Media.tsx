import { useState } from "react";

import { classes } from "~/lib/classes.ts";
import { ImageIcon } from "./icons.tsx";

interface Props {
  src?: string | null;
  /** What the picture shows; empty where the name stands beside it. */
  alt: string;
  /** Width to height, so that nothing moves when the picture comes. */
  ratio?: "square" | "wide" | "banner";
  className?: string;
  /** For the picture that a visitor sees first. */
  eager?: boolean;
}

const RATIOS = {
  square: "aspect-square",
  wide: "aspect-video",
  banner: "aspect-[3/1] md:aspect-[5/1]",
};

/** A picture in a place that is reserved for it. One that is missing or broken leaves a mark. */
export function Media({ src, alt, ratio = "square", className, eager = false }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const shown = src !== undefined && src !== null && src !== broken;
  return (
    <div className={classes("relative overflow-hidden bg-sunken", RATIOS[ratio], className)}>
      {shown ? (
        <img
          src={src}
          alt={alt}
          loading={eager ? "eager" : "lazy"}
          fetchPriority={eager ? "high" : "auto"}
          decoding="async"
          onError={() => setBroken(src)}
          className="absolute inset-0 size-full object-cover"
        />
      ) : (
        <span className="absolute inset-0 grid place-items-center text-muted/60">
          {alt !== "" && <span className="sr-only">{alt}</span>}
          <ImageIcon className="size-8" />
        </span>
      )}
    </div>
  );
}
