// How the collection will look, while it is typed.

import { typedAmount } from "~/lib/amounts.ts";
import { texts } from "~/texts/create.ts";
import { Media, WHOLE } from "~/ui/Media.tsx";
import { Price } from "~/ui/values.tsx";
import type { Draft } from "./draft.ts";

const WORDS = texts.preview;

export function Preview({ draft }: { draft: Draft }) {
  const logo = draft.image?.url ?? draft.items[0]?.url;
  const price = typedAmount(draft.price);
  const supply = draft.supply.trim() || (draft.items.length > 0 ? String(draft.items.length) : WORDS.open);
  return (
    <section
      aria-label={WORDS.heading}
      className="overflow-hidden rounded-card border border-line bg-surface shadow-lift"
    >
      <Media src={draft.banner?.url} sizes={WHOLE} alt="" ratio="banner" />
      <div className="px-5 pb-5">
        <Media src={logo} sizes="144px" alt="" className="-mt-9 w-18 rounded-card border-4 border-surface" />
        <p className="mt-3 break-words font-display font-semibold text-xl">{draft.name.trim() || WORDS.name}</p>
        {draft.description.trim() !== "" && (
          <p className="mt-1 line-clamp-3 break-words text-muted text-sm">{draft.description}</p>
        )}
        <dl className="mt-4 grid grid-cols-3 gap-3 border-line border-t pt-4 text-sm">
          <Fact title={WORDS.items}>{supply}</Fact>
          <Fact title={WORDS.price}>
            {price === undefined || price === "0" ? WORDS.free : <Price amount={price} />}
          </Fact>
          <Fact title={WORDS.royalty}>{draft.royalty.trim() || "0"}%</Fact>
        </dl>
        {draft.items.length > 1 && (
          <div className="mt-4 grid grid-cols-4 gap-2">
            {draft.items.slice(0, 4).map((item, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may be there twice
              <Media key={`${item.mediaId}-${place}`} src={item.url} alt="" className="rounded-md" />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-muted">{title}</dt>
      <dd className="figures mt-0.5 font-medium">{children}</dd>
    </div>
  );
}
