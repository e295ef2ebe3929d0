import type { Schemas } from "~/api/client.ts";
import { texts } from "~/texts.ts";
import { askedOf } from "~/trade/units.ts";
import { Price } from "~/ui/values.tsx";

type Listed = Pick<Schemas["TokenBody"], "price" | "currency" | "lotSize">;

/** What the cheapest listing asks for: the whole price where it sells several units together only. */
export function ListedPrice({ token, className }: { token: Listed; className?: string }) {
  return (
    <span className={className}>
      <Price amount={askedOf(token)} currency={token.currency} />
      {token.lotSize !== undefined && (
        <span className="font-normal text-muted text-sm"> {texts.collection.lot(token.lotSize)}</span>
      )}
    </span>
  );
}
