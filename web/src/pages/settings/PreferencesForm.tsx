import { useQueryClient } from "@tanstack/react-query";

import { api, got, type Schemas } from "~/api/client.ts";
import { Check, Choice } from "~/forms/choices.tsx";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { useForm } from "~/forms/useForm.ts";
import { chooseTheme } from "~/layout/theme.ts";
import { texts } from "~/texts/settings.ts";
import { Button } from "~/ui/Button.tsx";
import { toast } from "~/ui/toast.ts";
import { preferencesChange } from "./changes.ts";

const WORDS = texts.preferences;
const THEMES = ["auto", "light", "dark"] as const;
const LEVELS = ["public", "friends", "private"] as const;

export function PreferencesForm({ me }: { me: Schemas["MeBody"] }) {
  const client = useQueryClient();
  const form = useForm({
    draft: `preferences.${me.userId}`,
    fresh: me.preferences,
    check: () => ({}),
    async submit(chosen) {
      const saved = await got(api.PATCH("/v1/me", { body: preferencesChange(chosen, me) }));
      chooseTheme(chosen.theme);
      form.clear();
      client.setQueryData(["own", me.userId, "me"], saved);
      toast.done(texts.saved);
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-7">
      <Choice
        form={form}
        name="theme"
        label={WORDS.theme}
        options={THEMES.map((value) => ({ value, label: WORDS.themes[value] }))}
      />
      <Choice
        form={form}
        name="privacyLevel"
        label={WORDS.privacy}
        options={LEVELS.map((value) => ({ value, label: WORDS.levels[value], about: WORDS.levelsAbout[value] }))}
      />
      <fieldset className="flex flex-col gap-4">
        <legend className="mb-2 font-medium text-sm">{WORDS.notifications}</legend>
        <p className="-mt-1 text-muted text-sm">{WORDS.stored}</p>
        <Check form={form} name="emailNotifications" label={WORDS.email} />
        <Check form={form} name="pushNotifications" label={WORDS.push} />
        <Check form={form} name="marketingEmails" label={WORDS.marketing} />
      </fieldset>
      <FormFailure failure={form.failure} />
      <Button type="submit" size="l" busy={form.busy} className="self-start">
        {texts.save}
      </Button>
    </form>
  );
}
