import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, got, type Schemas } from "~/api/client.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { PictureField } from "~/forms/PictureField.tsx";
import { useForm, type Wrong } from "~/forms/useForm.ts";
import { relative } from "~/lib/times.ts";
import { texts } from "~/texts/settings.ts";
import { Button, buttonClass } from "~/ui/Button.tsx";
import { Field, TextArea } from "~/ui/Field.tsx";
import { toast } from "~/ui/toast.ts";
import { type Draft, draftOf, LINKS, profileChange } from "./changes.ts";

const WORDS = texts.profile;
const NAMED = {
  avatarId: "avatar",
  bannerId: "banner",
  ...Object.fromEntries(LINKS.map((name) => [`socials.${name}`, name])),
};

function check(draft: Draft): Wrong {
  return {
    username: draft.username === "" || /^[A-Za-z0-9_]{3,30}$/.test(draft.username) ? undefined : texts.wrong.username,
    displayName: [...draft.displayName].length > 50 ? texts.wrong.displayName : undefined,
    bio: [...draft.bio].length > 500 ? texts.wrong.bio : undefined,
    website: draft.website === "" || /^https:\/\/[^\s/]+\.\S+$/.test(draft.website) ? undefined : texts.wrong.website,
  };
}

export function ProfileForm({ me }: { me: Schemas["MeBody"] }) {
  const client = useQueryClient();
  const form = useForm({
    draft: `profile.${me.userId}`,
    fresh: draftOf(me),
    check,
    named: NAMED,
    about: { username_taken: "username", username_changed_recently: "username" },
    async submit(draft) {
      const saved = await got(api.PATCH("/v1/me", { body: profileChange(draft, me) }));
      form.clear();
      client.setQueryData(["own", me.userId, "me"], saved);
      toast.done(texts.saved);
    },
  });
  const changeableAt = me.usernameChangeableAt;
  const kept = changeableAt !== null && Date.parse(changeableAt) > Date.now();
  return (
    <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
      <p className="max-w-2xl text-muted">{WORDS.intro}</p>
      <div className="grid gap-6 sm:grid-cols-[auto_1fr]">
        <PictureField form={form} name="avatar" label={WORDS.avatar} shape="round" />
        <PictureField form={form} name="banner" label={WORDS.banner} shape="wide" />
      </div>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field
          {...form.bind("username")}
          label={WORDS.username}
          hint={kept ? WORDS.usernameKept(relative(changeableAt)) : WORDS.usernameHint}
          spellCheck={false}
        />
        <Field {...form.bind("displayName")} label={WORDS.displayName} />
      </div>
      <TextArea {...form.bind("bio")} label={WORDS.bio} />
      <fieldset className="grid gap-5 sm:grid-cols-2">
        <legend className="mb-3 font-display font-semibold text-lg">{WORDS.links}</legend>
        {LINKS.map((name) => (
          <Field
            key={name}
            {...form.bind(name)}
            label={WORDS[name]}
            placeholder={name === "website" ? "https://" : undefined}
          />
        ))}
      </fieldset>
      <FormFailure failure={form.failure} />
      <div className="flex gap-3">
        <Button type="submit" size="l" busy={form.busy}>
          {texts.save}
        </Button>
        {me.username !== null && (
          <Link to="/users/$username" params={{ username: me.username }} className={buttonClass("secondary", "l")}>
            {WORDS.look}
          </Link>
        )}
      </div>
    </form>
  );
}
