// Launches a fungible token, and lists those that were launched before.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Hex, Schemas } from "~/api/client.ts";
import { fungiblesOfQuery } from "~/api/queries-own.ts";
import { useSession } from "~/api/session.ts";
import { type FirstLook, prepare } from "~/flows/prepare.ts";
import { start } from "~/flows/run.ts";
import { useBegun } from "~/flows/useBegun.ts";
import { Check } from "~/forms/choices.tsx";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { PictureField } from "~/forms/PictureField.tsx";
import { Review } from "~/forms/Review.tsx";
import { type Form, useForm } from "~/forms/useForm.ts";
import { useTitle } from "~/layout/title.ts";
import { fromWei, shortAmount } from "~/lib/amounts.ts";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/launch.ts";
import { Button } from "~/ui/Button.tsx";
import { Card } from "~/ui/Card.tsx";
import { Field, TextArea } from "~/ui/Field.tsx";
import { Media, THUMB } from "~/ui/Media.tsx";
import { Table } from "~/ui/Table.tsx";
import { toast } from "~/ui/toast.ts";
import { AddressLabel } from "~/ui/values.tsx";
import { requireSession } from "~/wallet/wallet.ts";
import { check, type Draft, FRESH, factsOf, NAMED, requestOf } from "./draft.ts";

/** What was shown is what is signed. */
interface Reviewed extends FirstLook<Schemas["PreparedAnswer"]> {
  body: Schemas["PrepareLaunchBody"];
}

export default function LaunchPage() {
  useTitle(texts.title);
  const session = useSession();
  const [reviewed, setReviewed] = useState<Reviewed | null>(null);
  const form = useForm({
    draft: "launch",
    fresh: FRESH,
    check,
    named: NAMED,
    async submit(draft) {
      const { chainId } = await requireSession();
      const body = requestOf(draft, chainId);
      setReviewed({ body, ...(await prepare("launch", body)) });
    },
  });

  const begin = useBegun("launch", ({ body }) => {
    toast.done(texts.done((body as Reviewed["body"]).name));
    form.clear();
  });

  async function launch({ id, body }: Reviewed): Promise<void> {
    setReviewed(null);
    begin(id);
    await start({ id, kind: "launch", chainId: body.chainId, body, title: texts.flow(body.name) });
  }

  return (
    <div className="shell max-w-4xl py-10">
      <header className="mb-8 max-w-2xl">
        <h1 className="font-semibold text-4xl tracking-tight">{texts.title}</h1>
        <p className="mt-3 text-lg text-muted">{texts.intro}</p>
      </header>
      <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-6">
        <Fields form={form} />
        <FormFailure failure={form.failure} />
        <Button type="submit" size="l" busy={form.busy} className="self-start">
          {form.busy ? texts.review.working : texts.review.button}
        </Button>
      </form>
      {session !== null && <Launched creator={session.address} />}
      {reviewed !== null && (
        <Review
          title={texts.review.title}
          name={`${reviewed.body.name} (${reviewed.body.symbol})`}
          facts={factsOf(reviewed.body)}
          prepared={reviewed.prepared}
          confirm={texts.review.confirm}
          onClose={() => setReviewed(null)}
          onConfirm={() => void launch(reviewed).catch(toast.error)}
        />
      )}
    </div>
  );
}

function Fields({ form }: { form: Form<Draft> }) {
  return (
    <>
      <Card title={texts.sections.what}>
        <div className="flex flex-col gap-5 p-5">
          <div className="grid gap-5 sm:grid-cols-[2fr_1fr]">
            <Field {...form.bind("name")} label={texts.name} placeholder="Harbour Coin" />
            <Field {...form.bind("symbol")} label={texts.symbol} hint={texts.symbolHint} placeholder="HRBR" />
          </div>
          <TextArea {...form.bind("description")} label={texts.description} />
          <PictureField form={form} name="icon" label={texts.icon} shape="round" />
        </div>
      </Card>
      <Card title={texts.sections.supply}>
        <div className="flex flex-col gap-5 p-5">
          <div className="grid gap-5 sm:grid-cols-[2fr_1fr]">
            <Field
              {...form.bind("supply")}
              label={texts.supply}
              hint={texts.supplyHint}
              inputMode="decimal"
              placeholder="1000000"
            />
            <Field {...form.bind("decimals")} label={texts.decimals} hint={texts.decimalsHint} inputMode="numeric" />
          </div>
          <Field
            {...form.bind("recipient")}
            label={texts.recipient}
            hint={texts.recipientHint}
            placeholder="0x…"
            spellCheck={false}
          />
          <Check form={form} name="mintOnce" label={texts.mintOnce} about={texts.mintOnceAbout} />
          {!form.values.mintOnce && (
            <Field {...form.bind("cap")} label={texts.cap} hint={texts.capHint} inputMode="decimal" />
          )}
        </div>
      </Card>
      <Card title={texts.sections.powers}>
        <div className="flex flex-col gap-5 p-5">
          <Check form={form} name="burnable" label={texts.burnable} about={texts.burnableAbout} />
          <Check form={form} name="permit" label={texts.permit} about={texts.permitAbout} />
        </div>
      </Card>
    </>
  );
}

function Launched({ creator }: { creator: Hex }) {
  const pages = useInfiniteQuery(fungiblesOfQuery(creator));
  const words = texts.list;
  return (
    <section className="mt-14">
      <h2 className="mb-4 font-semibold text-xl">{words.title}</h2>
      <Paged pages={pages} empty={<Quiet>{words.none}</Quiet>}>
        {(tokens) => (
          <Table
            caption={words.table}
            rows={tokens}
            rowKey={(token) => `${token.chainId}/${token.contract}`}
            columns={[
              { title: words.token, cell: (token) => <Token token={token} /> },
              {
                title: words.supply,
                end: true,
                cell: ({ supply, decimals, symbol }) => `${shortAmount(fromWei(BigInt(supply), decimals))} ${symbol}`,
              },
              { title: words.holders, end: true, wide: true, cell: ({ holders }) => holders },
              {
                title: words.address,
                end: true,
                wide: true,
                cell: ({ contract }) => <AddressLabel address={contract} copy />,
              },
            ]}
          />
        )}
      </Paged>
    </section>
  );
}

function Token({ token }: { token: Schemas["FungibleBody"] }) {
  return (
    <span className="flex items-center gap-3">
      <Media src={token.iconUrl} sizes={THUMB} alt="" className="size-9 shrink-0 rounded-full" />
      <span className="font-medium">{token.name}</span>
    </span>
  );
}
