// How many, of what, for how much; then the flow begins.

import { useQuery } from "@tanstack/react-query";

import type { Hex, Schemas } from "~/api/client.ts";
import { eligibilityQuery } from "~/api/queries.ts";
import { useSession } from "~/api/session.ts";
import { prepare } from "~/flows/prepare.ts";
import { start } from "~/flows/run.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { useForm } from "~/forms/useForm.ts";
import { fromWei, typedUnits } from "~/lib/amounts.ts";
import { queryClient } from "~/query-client.ts";
import { texts } from "~/texts/mint.ts";
import { Button, IconButton } from "~/ui/Button.tsx";
import { Field } from "~/ui/Field.tsx";
import { PlusIcon } from "~/ui/icons.tsx";
import { ErrorState, Note, Skeleton } from "~/ui/states.tsx";
import { Price } from "~/ui/values.tsx";
import { requireSession } from "~/wallet/wallet.ts";
import { AllowlistProof, type Proof, proofIn } from "./AllowlistProof.tsx";
import { mostAtOnce } from "./rules.ts";

type Collection = Schemas["CollectionBody"];

const FRESH = { quantity: "1", edition: "1", list: "" };
const NAMED = { items: "edition", "items.0.tokenId": "edition", "items.0.quantity": "quantity" };

export function MintForm({ collection, open }: { collection: Collection; open: boolean }) {
  const { chainId, contract, standard, name, mint } = collection;
  const session = useSession();
  const most = mostAtOnce(collection);
  const root = mint?.allowlistRoot ?? null;
  const asked = useQuery(eligibilityQuery(collection, root === null ? undefined : session?.address));
  const eligibility = asked.data;
  const barred = eligibility?.allowlist === "not_listed";
  const form = useForm({
    draft: `mint.${contract}`,
    fresh: FRESH,
    named: NAMED,
    check: ({ quantity, edition }) => ({
      quantity: (typedUnits(quantity) ?? 0n) > 0n && Number(quantity) <= most ? undefined : texts.wrong.most(most),
      edition: standard === "erc721" || /^(0|[1-9]\d{0,77})$/.test(edition) ? undefined : texts.wrong.edition,
    }),
    async submit({ quantity, edition, list }) {
      const { address } = await requireSession();
      const { proof, wrong } = root === null ? { proof: [] } : await proofFor(address, root, list);
      if (proof === undefined) return { list: wrong };
      const units = String(typedUnits(quantity));
      const what = standard === "erc721" ? { quantity: units } : { items: [{ tokenId: edition, quantity: units }] };
      const body = { chainId, contract, standard, proof, ...what } as Schemas["PrepareMintBody"];
      const { id } = await prepare("mint", body);
      void start({
        id,
        kind: "mint",
        chainId,
        body,
        title: texts.flow(quantity, name),
        image: collection.imageUrl,
        dialog: false,
      });
    },
  });

  /** What the published list says; for one that is not published, what the visitor has pasted. */
  async function proofFor(address: Hex, root: string, list: string): Promise<Proof> {
    const { allowlist, proof } = await queryClient.fetchQuery(eligibilityQuery(collection, address));
    if (allowlist === "unpublished") return proofIn(list, root, address);
    return allowlist === "not_listed" ? { wrong: texts.allowlist.missing } : { proof };
  }

  const quantity = Number(typedUnits(form.values.quantity) ?? 0n);
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
      {eligibility === undefined && asked.error !== null && (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
      )}
      {root !== null && eligibility?.allowlist !== "unpublished" && asked.error === null && (
        <Listed allowlist={eligibility?.allowlist} asking={session !== null} />
      )}
      {root !== null && eligibility?.allowlist === "unpublished" && (
        <AllowlistProof
          text={form.values.list}
          root={root}
          address={session?.address}
          said={form.wrongWith("list")}
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
      <Button type="submit" size="l" busy={form.busy} disabled={!open || barred}>
        {texts.mint}
      </Button>
      <p className="-mt-2 text-center text-muted text-sm">{texts.fee}</p>
    </form>
  );
}

/** What the list says of the visitor, in words. */
function Listed({ allowlist, asking }: { allowlist?: Schemas["EligibilityBody"]["allowlist"]; asking: boolean }) {
  const words = texts.allowlist;
  if (allowlist === "listed") {
    return (
      <p role="status" className="font-medium text-accent text-sm">
        {words.found}
      </p>
    );
  }
  if (allowlist === "not_listed") {
    return (
      <Note kind="warn" title={words.missing}>
        {words.missingAdvice}
      </Note>
    );
  }
  return asking ? <Skeleton className="h-5 w-56" /> : <p className="text-muted text-sm">{words.signIn}</p>;
}
