// What a wallet is called. Saved by Enter or the button.

import { api, got, type Schemas } from "~/api/client.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { useForm } from "~/forms/useForm.ts";
import { texts } from "~/texts/settings.ts";
import { Button } from "~/ui/Button.tsx";
import { Field } from "~/ui/Field.tsx";
import { toast } from "~/ui/toast.ts";

const WORDS = texts.wallets;

export function LabelField({ wallet, onSaved }: { wallet: Schemas["WalletBody"]; onSaved(): Promise<void> }) {
  const { address } = wallet;
  const known = wallet.label ?? "";
  const form = useForm({
    draft: `label.${address}`,
    fresh: { label: known },
    check: ({ label }) => ({ label: [...label].length > 100 ? texts.wrong.label : undefined }),
    async submit({ label }) {
      const body = { label: label.trim() || null };
      await got(api.PATCH("/v1/me/wallets/{address}", { params: { path: { address } }, body }));
      await onSaved();
      toast.done(texts.saved);
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex items-start gap-2">
      <Field {...form.bind("label")} label={WORDS.label} hint={WORDS.labelHint} />
      {form.values.label.trim() !== known && (
        <Button type="submit" variant="secondary" className="mt-7" busy={form.busy}>
          {texts.save}
        </Button>
      )}
      <FormFailure failure={form.failure} />
    </form>
  );
}
