import type { Wish } from "@steadymint/client";
import { useQuery } from "@tanstack/react-query";

import { type CollectionAt, chainsQuery, floorQuery } from "~/api/queries.ts";
import { useWrappedSymbol } from "~/api/useNativeSymbol.ts";
import { shortAmount, toWei } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Dialog } from "~/ui/Dialog.tsx";
import { Note } from "~/ui/states.tsx";
import { toast } from "~/ui/toast.ts";
import { providerOn } from "~/wallet/wallet.ts";
import { hrefOf } from "./href.ts";
import { OrderForm, type Terms, type Units } from "./OrderForm.tsx";
import { usePlacing } from "./placing.ts";
import { wrapMissing, wrapperOf } from "./wrap.ts";

interface Props {
  /** Without a token the offer is for any of the collection. */
  at: CollectionAt & { tokenId?: string };
  name: string;
  image?: string;
  /** Units that exist of an ERC-1155 token; left out for a token that exists once. */
  supply?: bigint;
  onClose: () => void;
}

export default function OfferDialog({ at, name, image, supply, onClose }: Props) {
  const { data: chains } = useQuery(chainsQuery);
  const { data: floor } = useQuery(floorQuery(at));
  const { place, ...placing } = usePlacing();
  const chain = chains?.items.find((one) => one.chainId === at.chainId);
  const symbol = useWrappedSymbol(at.chainId);
  const units = unitsOf(at.tokenId === undefined, supply);

  async function offer({ price, quantity, endAt }: Terms): Promise<boolean> {
    const about =
      at.tokenId === undefined
        ? { kind: "collection-offer" as const }
        : { kind: "offer" as const, tokenId: at.tokenId };
    const wish: Wish = { ...about, contract: at.contract, price, quantity, endAt };
    const wrapper = chain === undefined ? undefined : wrapperOf(chain);
    const findings = await place({
      chainId: at.chainId,
      wish,
      href: hrefOf(at),
      async before(account, tell, signal) {
        if (wrapper === undefined) return;
        const provider = await providerOn(at.chainId, account);
        const wanted = BigInt(quantity) * (toWei(price) ?? 0n);
        const about = { chainId: at.chainId, account, href: hrefOf(at), title: texts.trade.wrapTitle(name) };
        await wrapMissing(
          provider,
          { ...about, wrapper, wanted },
          { asking: () => tell("wrapping"), sent: () => tell("wrapped"), signal },
        );
      },
    });
    if (findings === null) return false;
    const held = findings.find((one) => one.severity === "inactive");
    if (held === undefined) toast.done(texts.trade.offered);
    else toast.done(texts.trade.inactive, held.whatToDo);
    onClose();
    return true;
  }

  return (
    <Dialog title={texts.trade.offerTitle(name)} onClose={onClose}>
      <OrderForm
        draft={`offer.${at.contract}.${at.tokenId ?? ""}`}
        name={name}
        image={image}
        label={units === undefined ? texts.trade.yourOffer : texts.trade.yourOfferEach}
        units={units}
        unit={symbol}
        submit={texts.trade.signOffer}
        placing={placing}
        hint={() =>
          floor?.listing &&
          texts.trade.floor(`${shortAmount(floor.listing.price.amount)} ${floor.listing.price.currency.symbol}`)
        }
        onSubmit={offer}
      />
      <div className="mt-5">
        <Note>{texts.trade.wrapped(symbol)}</Note>
      </div>
    </Dialog>
  );
}

/** What may be chosen: an offer for any of the collection may be for several, of either standard. */
function unitsOf(any: boolean, supply: bigint | undefined): Units | undefined {
  if (any) return { label: texts.trade.howMany, hint: texts.trade.anyOf };
  if (supply === undefined) return undefined;
  return { most: supply, label: texts.trade.units, hint: texts.trade.exist(String(supply)) };
}
