import type { Wish } from "@steadymint/client";
import { useQuery } from "@tanstack/react-query";

import { type CollectionAt, chainsQuery, floorQuery } from "~/api/queries.ts";
import { useNativeSymbol } from "~/api/useNativeSymbol.ts";
import { shortAmount, toWei } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Dialog } from "~/ui/Dialog.tsx";
import { Note } from "~/ui/states.tsx";
import { toast } from "~/ui/toast.ts";
import { providerOn } from "~/wallet/wallet.ts";
import { OrderForm, type Terms } from "./OrderForm.tsx";
import { usePlacing } from "./placing.ts";
import { wrapMissing, wrapperOf } from "./wrap.ts";

interface Props {
  /** Without a token the offer is for any of the collection. */
  at: CollectionAt & { tokenId?: string };
  name: string;
  image?: string;
  onClose: () => void;
}

export default function OfferDialog({ at, name, image, onClose }: Props) {
  const { data: chains } = useQuery(chainsQuery);
  const { data: floor } = useQuery(floorQuery(at));
  const { place, ...placing } = usePlacing();
  const chain = chains?.items.find((one) => one.chainId === at.chainId);
  const symbol = `W${useNativeSymbol(at.chainId)}`;
  const draft = `steadymint.draft.offer.${at.contract}.${at.tokenId ?? ""}`;

  async function offer({ price, endAt }: Terms): Promise<void> {
    const about =
      at.tokenId === undefined
        ? { kind: "collection-offer" as const }
        : { kind: "offer" as const, tokenId: at.tokenId };
    const wish: Wish = { ...about, contract: at.contract, price, endAt };
    const wrapper = chain === undefined ? undefined : wrapperOf(chain);
    const findings = await place({
      chainId: at.chainId,
      wish,
      async before(account, tell) {
        if (wrapper === undefined) return;
        const provider = await providerOn(at.chainId, account);
        await wrapMissing(provider, wrapper, account, toWei(price) ?? 0n, () => tell("wrapping"));
      },
    });
    if (findings === null) return;
    sessionStorage.removeItem(draft);
    const held = findings.find((one) => one.severity === "inactive");
    if (held === undefined) toast.done(texts.trade.offered);
    else toast.done(texts.trade.inactive, held.whatToDo);
    onClose();
  }

  return (
    <Dialog title={texts.trade.offerTitle(name)} onClose={onClose}>
      <OrderForm
        draft={draft}
        name={name}
        image={image}
        label={texts.trade.yourOffer}
        unit={symbol}
        submit={texts.trade.signOffer}
        placing={placing}
        hint={() =>
          floor?.listing &&
          texts.trade.floor(`${shortAmount(floor.listing.price.amount)} ${floor.listing.price.currency.symbol}`)
        }
        onSubmit={(terms) => void offer(terms)}
      />
      <div className="mt-5">
        <Note>{texts.trade.wrapped(symbol)}</Note>
      </div>
    </Dialog>
  );
}
