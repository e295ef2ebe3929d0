import { useQuery } from "@tanstack/react-query";

import type { TokenAt } from "~/api/queries.ts";
import { useSession } from "~/api/session.ts";
import { useNativeSymbol } from "~/api/useNativeSymbol.ts";
import { shortAmount } from "~/lib/amounts.ts";
import { texts } from "~/texts.ts";
import { Dialog } from "~/ui/Dialog.tsx";
import { toast } from "~/ui/toast.ts";
import { OrderForm, type Terms } from "./OrderForm.tsx";
import { usePlacing } from "./placing.ts";
import { receivedOf, sampleQuery } from "./receive.ts";

interface Props {
  at: TokenAt;
  name: string;
  image?: string;
  onClose: () => void;
}

export default function ListDialog({ at, name, image, onClose }: Props) {
  const { data: sample } = useQuery(sampleQuery(at, useSession()?.address));
  const symbol = useNativeSymbol(at.chainId);
  const { place, ...placing } = usePlacing();
  const draft = `steadymint.draft.list.${at.contract}.${at.tokenId}`;

  async function list({ price, endAt }: Terms): Promise<void> {
    const wish = {
      kind: "list" as const,
      contract: at.contract,
      tokenId: at.tokenId,
      price,
      endAt,
    };
    const findings = await place({ chainId: at.chainId, wish });
    if (findings === null) return;
    sessionStorage.removeItem(draft);
    const held = findings.find((one) => one.severity === "inactive");
    if (held === undefined) toast.done(texts.trade.listed(name));
    else toast.done(texts.trade.inactive, held.whatToDo);
    onClose();
  }

  return (
    <Dialog title={texts.trade.listTitle(name)} onClose={onClose}>
      <OrderForm
        draft={draft}
        name={name}
        image={image}
        label={texts.trade.price}
        unit={symbol}
        submit={texts.trade.sign}
        placing={placing}
        hint={(price) => {
          const received = price === undefined || sample == null ? undefined : receivedOf(price, sample);
          return received === undefined ? texts.trade.fees : texts.trade.receive(`${shortAmount(received)} ${symbol}`);
        }}
        onSubmit={(terms) => void list(terms)}
      />
    </Dialog>
  );
}
