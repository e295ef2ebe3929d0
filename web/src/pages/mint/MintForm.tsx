// How many, of what, for how much; then the flow begins.

import { useState } from "react";

import type { Schemas } from "~/api/client.ts";
import { useSession } from "~/api/session.ts";
import { start } from "~/flows/run.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { useForm } from "~/forms/useForm.ts";
import { fromWei } from "~/lib/amounts.ts";
import { texts } from "~/texts/mint.ts";
import { Button, IconButton } from "~/ui/Button.tsx";
import { Field } from "~/ui/Field.tsx";
import { PlusIcon } from "~/ui/icons.tsx";
import { Price } from "~/ui/values.tsx";
import { requireSession } from "~/wallet/wallet.ts";
import { AllowlistProof, proofIn } from "./AllowlistProof.tsx";
import { mostAtOnce } from "./rules.ts";

type Collection = Schemas["CollectionBody"];

const FRESH = { quantity: "1", edition: "1", list: "" };
const NAMED = { items: "edition", "items.0.tokenId": "edition", "items.0.quantity": "quantity" };

export function MintForm({ collection, open }: { collection: Collection; open: boolean }) {
  const { chainId, contract, standard, name, mint } = collection;
  const session = useSession();
  const [asked, setAsked] = useState(false);
  const most = mostAtOnce(collection);
  const root = mint?.allowlistRoot ?? null;
  const form = useForm({
    draft: `mint.${contract}`,
    fresh: FRESH,
    named: NAMED,
    check: ({ quantity, edition }) => ({
      quantity: /^[1-9]\d*$/.test(quantity) && Number(quantity) <= most ? undefined : texts.wrong.most(most),
      edition: standard === "erc721" || /^(0|[1-9]\d{0,77})$/.test(edition) ? undefined : texts.wrong.edition,
    }),
    async submit({ quantity, edition, list }) {
      setAsked(true);
      const { address } = await requireSession();
      const { proof } = root === null ? { proof: [] } : proofIn(list, root, address);
      if (proof === undefined) return; // the sentence stands at the list
      const what = standard === "erc721" ? { quantity } : { items: [{ tokenId: edition, quantity }] };
      const body = { chainId, contract, standard, proof, ...what } as Schemas["PrepareMintBody"];
      void start({
        kind: "mint",
        chainId,
        body,
        title: texts.flow(quantity, name),
        image: collection.imageUrl,
        dialog: false,
      });
    },
  });
  const quantity = Number(form.values.quantity) || 0;
  const total = fromWei(BigInt(mint?.price ?? "0") * BigInt(Math.min(quantity, most)));
  const step = (by: number): void => form.set("quantity", String(Math.min(most, Math.max(1, quantity + by))));

  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
      {standard === "erc1155" && (
        <Field {...form.bind("edition")} label={texts.edition} hint={texts.editionHint} inputMode="numeric" />
      )}
      <div className="flex items-end gap-2">
        <div className="w-32">
          <Field {...form.bind("quantity")} label={texts.quantity} inputMode="numeric" disabled={!open} />
        </div>
        <div className="flex gap-1 self-start pt-7">
          <IconButton
            label={texts.less}
            className="border border-line text-xl"
            disabled={quantity <= 1}
            onClick={() => step(-1)}
          >
            <span aria-hidden="true">−</span>
          </IconButton>
          <IconButton
            label={texts.more}
            className="border border-line"
            disabled={quantity >= most}
            onClick={() => step(1)}
          >
            <PlusIcon />
          </IconButton>
        </div>
      </div>
      {root !== null && (
        <AllowlistProof
          text={form.values.list}
          root={root}
          address={session?.address}
          asked={asked}
          onText={(list) => form.set("list", list)}
        />
      )}
      <p className="flex items-baseline justify-between gap-4 border-line border-t pt-4">
        <span className="text-muted">{texts.total}</span>
        <span className="font-semibold text-xl">
          {total === "0" ? texts.free : <Price amount={total} chainId={chainId} />}
        </span>
      </p>
      <FormFailure failure={form.failure} />
      <Button type="submit" size="l" busy={form.busy} disabled={!open}>
        {texts.mint}
      </Button>
      <p className="-mt-2 text-center text-muted text-sm">{texts.fee}</p>
    </form>
  );
}
