// The sections of the form that creates a collection.

import type { ReactNode } from "react";

import { useSession } from "~/api/session.ts";
import { useNativeSymbol } from "~/api/useNativeSymbol.ts";
import { Choice } from "~/forms/choices.tsx";
import { PictureField } from "~/forms/PictureField.tsx";
import type { Form } from "~/forms/useForm.ts";
import { texts } from "~/texts/create.ts";
import { Card } from "~/ui/Card.tsx";
import { Field, TextArea } from "~/ui/Field.tsx";
import { AllowlistField } from "./AllowlistField.tsx";
import type { Draft } from "./draft.ts";
import { ItemsField } from "./ItemsField.tsx";
import type { useItems } from "./useItems.ts";

export function Sections({ form, items }: { form: Form<Draft>; items: ReturnType<typeof useItems> }) {
  const { standard, items: taken } = form.values;
  const symbol = useNativeSymbol(useSession()?.chainId);
  const one = standard === "erc721" && taken.length > 0;
  return (
    <>
      <Section title={texts.sections.look}>
        <Choice
          form={form}
          name="standard"
          label={texts.standard.label}
          options={[
            { value: "erc721", label: texts.standard.erc721, about: texts.standard.erc721About },
            { value: "erc1155", label: texts.standard.erc1155, about: texts.standard.erc1155About },
          ]}
        />
        <div className="grid gap-5 sm:grid-cols-[2fr_1fr]">
          <Field {...form.bind("name")} label={texts.name} placeholder="Harbour Lights" />
          <Field {...form.bind("symbol")} label={texts.symbol} hint={texts.symbolHint} placeholder="LITE" />
        </div>
        <TextArea {...form.bind("description")} label={texts.description} />
        <Field {...form.bind("website")} label={texts.website} type="url" placeholder="https://" />
        <div className="grid gap-5 sm:grid-cols-[auto_1fr]">
          <PictureField form={form} name="image" label={texts.image} hint={texts.imageHint} shape="square" />
          <PictureField form={form} name="banner" label={texts.banner} hint={texts.bannerHint} shape="wide" />
        </div>
      </Section>
      <Section title={texts.sections.items}>
        <ItemsField form={form} items={items} />
        <Field
          {...form.bind("supply")}
          label={standard === "erc721" ? texts.supply : texts.copies}
          hint={one ? texts.supplyOfItems(taken.length) : texts.supplyHint}
          inputMode="numeric"
        />
      </Section>
      <Section title={texts.sections.money}>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            {...form.bind("price")}
            label={texts.price}
            hint={texts.priceHint}
            unit={symbol}
            inputMode="decimal"
            placeholder="0"
          />
          <Field
            {...form.bind("royalty")}
            label={texts.royalty}
            hint={texts.royaltyHint}
            unit="%"
            inputMode="decimal"
          />
        </div>
        <Field
          {...form.bind("royaltyReceiver")}
          label={texts.royaltyReceiver}
          hint={texts.royaltyReceiverHint}
          placeholder="0x…"
          spellCheck={false}
        />
      </Section>
      <Section title={texts.sections.access}>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field {...form.bind("startAt")} label={texts.startAt} type="datetime-local" />
          <Field {...form.bind("endAt")} label={texts.endAt} type="datetime-local" />
        </div>
        <p className="-mt-2 text-muted text-sm">{texts.window}</p>
        <Field {...form.bind("limit")} label={texts.limit} hint={texts.supplyHint} inputMode="numeric" />
        <AllowlistField form={form} />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card title={title}>
      <div className="flex flex-col gap-5 p-5">{children}</div>
    </Card>
  );
}
