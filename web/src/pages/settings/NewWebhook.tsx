// Subscribes an address.

import { api, got, type Schemas } from "~/api/client.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { type Form, useForm } from "~/forms/useForm.ts";
import { requestKeys } from "~/lib/request-keys.ts";
import { texts as forms } from "~/texts/forms.ts";
import { EVENTS, texts } from "~/texts/webhooks.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { Field } from "~/ui/Field.tsx";

type EventName = Schemas["EventName"];

interface Draft {
  url: string;
  description: string;
  events: EventName[];
}

const FRESH: Draft = { url: "", description: "", events: [] };
const LONGEST = 200;
/** Whoever presses again after an answer that was lost has the webhook that was made, and no second one. The key is kept
 * until the page is loaded again. */
const keys = requestKeys();

interface Props {
  onClose(): void;
  onMade(made: Schemas["NewWebhookView"]): void;
}

export function NewWebhook({ onClose, onMade }: Props) {
  const form = useForm<Draft>({
    draft: "webhook",
    fresh: FRESH,
    check: ({ url, description }) => ({
      url: /^https?:\/\/[^\s/]+(\/\S*)?$/.test(url.trim()) ? undefined : texts.wrong.url,
      description: [...description].length > LONGEST ? forms.long(LONGEST) : undefined,
    }),
    async submit({ url, description, events }) {
      const body = { url: url.trim(), description: description.trim() || null, events };
      const params = { header: { "Idempotency-Key": keys.of(body) } };
      const made = await got(api.POST("/v1/webhooks", { params, body })).catch((error: unknown) => {
        keys.failed(error);
        throw error;
      });
      keys.forget();
      form.clear();
      onMade(made);
    },
  });
  return (
    <Dialog title={texts.add} onClose={onClose}>
      <form noValidate onSubmit={form.onSubmit} className="flex flex-col gap-5">
        <Field
          {...form.bind("url")}
          label={texts.url}
          hint={texts.urlHint}
          type="url"
          spellCheck={false}
          placeholder="https://"
        />
        <Field {...form.bind("description")} label={texts.description} />
        <Events form={form} />
        <FormFailure failure={form.failure} />
        <Button type="submit" size="l" busy={form.busy}>
          {texts.create}
        </Button>
      </form>
    </Dialog>
  );
}

function Events({ form }: { form: Form<Draft> }) {
  const { events } = form.values;
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{texts.events}</legend>
      <p className="mb-2 text-muted text-sm">{texts.eventsHint}</p>
      <div className="grid gap-x-4 gap-y-1.5 sm:grid-cols-2">
        {EVENTS.map((name) => (
          <label key={name} className="flex cursor-pointer items-center gap-2 text-sm">
            <input
              type="checkbox"
              name="events"
              className="size-4 shrink-0 accent-accent"
              checked={events.includes(name)}
              onChange={() =>
                form.set("events", events.includes(name) ? events.filter((one) => one !== name) : [...events, name])
              }
            />
            {texts.names[name]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
