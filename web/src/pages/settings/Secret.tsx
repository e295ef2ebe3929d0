// The secret that signs a webhook's events: shown once, and replaced.

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";

import { api, got } from "~/api/client.ts";
import { isLost } from "~/api/problems.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { copyText } from "~/lib/copy.ts";
import { texts } from "~/texts/webhooks.ts";
import { texts as common } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { Note } from "~/ui/states.tsx";

/** It is kept nowhere in this browser, so no stray click closes it. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose(): void }) {
  const [copied, setCopied] = useState<boolean | null>(null);

  async function copy(): Promise<void> {
    setCopied(await copyText(secret));
  }

  return (
    <Dialog title={texts.secret.title}>
      <Note kind="warn">{texts.secret.once}</Note>
      <p className="mt-4 break-all rounded-control bg-sunken px-4 py-3 font-mono text-sm">{secret}</p>
      {copied === false && (
        <div className="mt-4">
          <Note kind="danger">{texts.secret.notCopied}</Note>
        </div>
      )}
      <div className="mt-6 flex gap-3">
        <Button onClick={() => void copy()}>{copied ? common.common.copied : common.common.copy}</Button>
        <Button variant="secondary" onClick={onClose}>
          {texts.secret.kept}
        </Button>
      </div>
    </Dialog>
  );
}

interface RotateProps {
  webhookId: string;
  onClose(): void;
  onRotated(secret: string): void;
  /** Nobody knows whether it was done. */
  onLost(): void;
}

export function RotateDialog({ webhookId, onClose, onRotated, onLost }: RotateProps) {
  const id = useId();
  const [stolen, setStolen] = useState(false);
  const rotate = useMutation({
    mutationFn: () =>
      got(api.POST("/v1/webhooks/{webhookId}/rotate-secret", { params: { path: { webhookId } }, body: { stolen } })),
    onSuccess: ({ secret }) => onRotated(secret),
    onError: (error) => isLost(error) && onLost(),
  });
  return (
    <Dialog title={texts.rotate.title} onClose={onClose}>
      <p className="text-muted">{texts.rotate.about}</p>
      <div className="mt-4 mb-6 flex gap-3">
        <input
          id={id}
          type="checkbox"
          className="mt-1 size-4 shrink-0 accent-accent"
          checked={stolen}
          onChange={(event) => setStolen(event.target.checked)}
        />
        <label htmlFor={id} className="text-sm">
          {texts.rotate.stolen}
        </label>
      </div>
      <FormFailure failure={rotate.error} />
      {isLost(rotate.error) && (
        <div className="mt-3">
          <Note kind="warn">{texts.rotate.lost}</Note>
        </div>
      )}
      <div className="mt-4 flex gap-3">
        <Button busy={rotate.isPending} onClick={() => rotate.mutate()}>
          {texts.rotate.button}
        </Button>
        <Button variant="secondary" onClick={onClose}>
          {common.common.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
