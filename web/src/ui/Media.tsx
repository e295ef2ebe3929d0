import { useState } from "react";

import { classes } from "~/lib/classes.ts";
import { sourcesOf } from "~/lib/sources.ts";
import { ImageIcon } from "./icons.tsx";

interface Props {
  src?: string | null;
  /** What the picture shows; empty where the name stands beside it. */
  alt: string;
  /** Width to height, so that nothing moves when the picture comes. */
  ratio?: "square" | "wide" | "banner";
  /** How wide it is shown, as of the attribute `sizes`. Default: a card in a grid. */
  sizes?: string;
  className?: string;
  /** For the picture that a visitor sees first. */
  eager?: boolean;
}

const RATIOS = {
  square: { look: "aspect-square", width: 512, height: 512 },
  wide: { look: "aspect-video", width: 512, height: 288 },
  banner: { look: "aspect-[3/1] md:aspect-[5/1]", width: 1024, height: 342 },
};

const CARD = "(min-width: 1280px) 310px, (min-width: 768px) 33vw, 50vw";
export const THUMB = "64px";
export const WHOLE = "100vw";
export const HALF = "(min-width: 1024px) 50vw, 100vw";

/** A picture in a place that is reserved for it. One that is missing or broken leaves a mark. */
export function Media({ src, alt, ratio = "square", sizes = CARD, className, eager = false }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const shown = src !== undefined && src !== null && src !== broken;
  const { look, width, height } = RATIOS[ratio];
  return (
    <div className={classes("relative overflow-hidden bg-sunken", look, className)}>
      {shown ? (
        <img
          // The sizes come first: a browser that had the sources before would choose without them.
          sizes={sizes}
          srcSet={sourcesOf(src)}
          src={src}
          width={width}
          height={height}
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
