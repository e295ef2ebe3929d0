import { Link } from "@tanstack/react-router";

import type { Schemas } from "~/api/client.ts";
import { percent } from "~/lib/amounts.ts";
import { traitOf } from "~/lib/filters.ts";
import { day } from "~/lib/times.ts";
import { texts } from "~/texts.ts";
import { Price } from "~/ui/values.tsx";

type Attribute = Schemas["TokenDetailBody"]["attributes"][number];

/** The traits with how many share each. One of words leads to the items that have it. */
export function Traits({ token, slug }: { token: Schemas["TokenDetailBody"]; slug: string }) {
  if (token.attributes.length === 0) return null;
  return (
    <section>
      <h2 className="mb-3 font-semibold text-lg">{texts.token.traits}</h2>
      <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3">
        {token.attributes.map((one) => (
          <li key={`${one.traitType}:${one.value}`}>
            {one.valueType === "string" ? (
              <Link
                to="/collections/$chainId/$contract"
                params={{ chainId: token.chainId, contract: slug }}
                search={{ traits: [traitOf(one.traitType, one.value)] }}
                className="block h-full rounded-control border border-line bg-surface px-3 py-2.5 transition-colors hover:border-accent"
              >
                <Facts of={one} />
              </Link>
            ) : (
              <div className="h-full rounded-control border border-line bg-surface px-3 py-2.5">
                <Facts of={one} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ of }: { of: Attribute }) {
  return (
    <>
      <span className="block truncate text-muted text-sm">{of.traitType}</span>
      <span className="block truncate font-medium">{wordsOf(of)}</span>
      <span className="figures mt-1 flex justify-between gap-2 text-muted text-xs sm:text-sm">
        {texts.token.have(percent(of.frequency))}
        {of.floorPrice !== undefined && <Price amount={of.floorPrice} />}
      </span>
    </>
  );
}

function wordsOf({ value, valueType, maxValue }: Attribute): string {
  if (valueType === "date") return day(new Date(Number(value) * 1000).toISOString());
  return maxValue === undefined ? String(value) : texts.common.of(value, maxValue);
}
