import { useQuery } from "@tanstack/react-query";

import type { TokenAt } from "~/api/queries.ts";
import { useSession } from "~/api/session.ts";
import { useNativeSymbol } from "~/api/useNativeSymbol.ts";
import { shortAmount, times } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Dialog } from "~/ui/Dialog.tsx";
import { toast } from "~/ui/toast.ts";
import { hrefOf } from "./href.ts";
import { OrderForm, type Terms } from "./OrderForm.tsx";
import { usePlacing } from "./placing.ts";
import { receivedOf, sampleQuery } from "./receive.ts";

interface Props {
  at: TokenAt;
  name: string;
  image?: string;
  /** Units that the seller has of an ERC-1155 token; left out for a token that exists once. */
  held?: bigint;
  onClose: () => void;
}

export default function ListDialog({ at, name, image, held, onClose }: Props) {
  const { data: sample } = useQuery(sampleQuery(at, useSession()?.address));
  const symbol = useNativeSymbol(at.chainId);
  const { place, ...placing } = usePlacing();

  async function list({ price, quantity, endAt }: Terms): Promise<boolean> {
    const wish = {
      kind: "list" as const,
      contract: at.contract,
      tokenId: at.tokenId,
      price,
      quantity,
      endAt,
    };
    const findings = await place({ chainId: at.chainId, wish, href: hrefOf(at) });
    if (findings === null) return false;
    const held = findings.find((one) => one.severity === "inactive");
    if (held === undefined) toast.done(texts.trade.listed(name));
    else toast.done(texts.trade.inactive, held.whatToDo);
    onClose();
    return true;
  }

  return (
    <Dialog title={texts.trade.listTitle(name)} onClose={onClose}>
      <OrderForm
        draft={`list.${at.contract}.${at.tokenId}`}
        name={name}
        image={image}
        label={held === undefined ? texts.trade.price : texts.trade.priceEach}
        units={
          held === undefined
            ? undefined
            : { most: held, label: texts.trade.units, hint: texts.trade.youHold(String(held)) }
        }
        unit={symbol}
        submit={texts.trade.sign}
        placing={placing}
        hint={(price, count) => {
          const total = price && times(price, count);
          const received = total === undefined || sample == null ? undefined : receivedOf(total, sample);
          if (received === undefined) return texts.trade.fees;
          const words = count === 1n ? texts.trade.receive : texts.trade.receiveAll;
          return words(`${shortAmount(received)} ${symbol}`);
        }}
        onSubmit={list}
      />
    </Dialog>
  );
}
