// Addresses that are told of what happens to the user: each with its state, its secret and what came of its events.

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, got, type Schemas } from "~/api/client.ts";
import { webhooksQuery } from "~/api/queries-webhooks.ts";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/webhooks.ts";
import { texts as common } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { PlusIcon } from "~/ui/icons.tsx";
import { toast } from "~/ui/toast.ts";
import { Badge, Time } from "~/ui/values.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { NewWebhook } from "./NewWebhook.tsx";
import { RotateDialog, SecretDialog } from "./Secret.tsx";

type Webhook = Schemas["WebhookView"];

export function Webhooks({ userId }: { userId: string }) {
  const client = useQueryClient();
  const pages = useInfiniteQuery(webhooksQuery(userId));
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  // The list only: what came of the events of one that is deleted is not asked for again.
  const reload = (): Promise<void> => client.invalidateQueries({ queryKey: ["own", userId, "webhooks"], exact: true });
  return (
    <div className="flex flex-col gap-6">
      <p className="max-w-2xl text-muted">{texts.intro}</p>
      <Button className="self-start" onClick={() => setAdding(true)}>
        <PlusIcon />
        {texts.add}
      </Button>
      <Paged pages={pages} empty={<Quiet>{texts.none}</Quiet>}>
        {(webhooks) => (
          <ul className="flex flex-col gap-4">
            {webhooks.map((webhook) => (
              <li key={webhook.webhookId} className="rounded-card border border-line bg-surface p-5">
                <One userId={userId} webhook={webhook} onChange={reload} onSecret={setSecret} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
      {adding && (
        <NewWebhook
          onClose={() => setAdding(false)}
          onMade={(made) => {
            setAdding(false);
            setSecret(made.secret);
            void reload();
          }}
        />
      )}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </div>
  );
}

interface OneProps {
  userId: string;
  webhook: Webhook;
  onChange(): Promise<void>;
  onSecret(secret: string): void;
}

function One({ userId, webhook, onChange, onSecret }: OneProps) {
  const { webhookId, url, active, events } = webhook;
  const [opened, setOpened] = useState(false);
  const [dialog, setDialog] = useState<"rotate" | "end" | null>(null);
  const path = { webhookId };
  const onError = toast.error;
  const pause = useMutation({
    mutationFn: () => got(api.PATCH("/v1/webhooks/{webhookId}", { params: { path }, body: { active: !active } })),
    onSuccess: onChange,
    onError,
  });
  const test = useMutation({
    mutationFn: () => got(api.POST("/v1/webhooks/{webhookId}/test", { params: { path } })),
    onSuccess: ({ sequence }) => toast.done(texts.tested(sequence)),
    onError,
  });
  const end = useMutation({
    mutationFn: () => got(api.DELETE("/v1/webhooks/{webhookId}", { params: { path } })),
    onSuccess: async () => {
      setDialog(null);
      await onChange();
      toast.done(texts.ended);
    },
    onError,
  });
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="break-all font-medium font-mono text-sm">{url}</h2>
          {webhook.description !== null && <p className="mt-1 break-words text-muted text-sm">{webhook.description}</p>}
          <p className="mt-1 text-muted text-sm">{events.length === 0 ? texts.everything : events.join(", ")}</p>
        </div>
        <State webhook={webhook} />
      </div>
      {webhook.secretOverlapEnds !== null && (
        <p className="mt-2 text-muted text-sm">
          {texts.overlap} <Time at={webhook.secretOverlapEnds} />
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button size="s" variant="secondary" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {texts.deliveries.title}
        </Button>
        <Button size="s" variant="secondary" busy={pause.isPending} onClick={() => pause.mutate()}>
          {active ? texts.pause : texts.resume}
        </Button>
        <Button size="s" variant="secondary" busy={test.isPending} disabled={!active} onClick={() => test.mutate()}>
          {texts.test}
        </Button>
        <Button size="s" variant="secondary" onClick={() => setDialog("rotate")}>
          {texts.rotate.button}
        </Button>
        <Button size="s" variant="danger" aria-label={texts.endOf(url)} onClick={() => setDialog("end")}>
          {texts.end}
        </Button>
      </div>
      {opened && <Deliveries userId={userId} webhookId={webhookId} />}
      {dialog === "rotate" && (
        <RotateDialog
          webhookId={webhookId}
          onClose={() => setDialog(null)}
          onLost={() => void onChange()}
          onRotated={(secret) => {
            setDialog(null);
            onSecret(secret);
            void onChange();
          }}
        />
      )}
      {dialog === "end" && (
        <Dialog title={texts.sure} onClose={() => setDialog(null)}>
          <p className="text-muted">{texts.sureAbout}</p>
          <div className="mt-6 flex gap-3">
            <Button variant="danger" busy={end.isPending} onClick={() => end.mutate()}>
              {texts.end}
            </Button>
            <Button variant="secondary" onClick={() => setDialog(null)}>
              {common.common.cancel}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function State({ webhook: { active, pausedBecause, failingSince } }: { webhook: Webhook }) {
  if (!active) return <Badge tone="warn">{texts.paused[pausedBecause ?? "owner"]}</Badge>;
  if (failingSince === null) return <Badge tone="accent">{texts.active}</Badge>;
  return (
    <Badge tone="danger">
      {texts.failing} <Time at={failingSince} />
    </Badge>
  );
}
