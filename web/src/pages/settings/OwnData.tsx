// What the user may do with what is held of them: who is blocked, an export of everything, and the end of the account.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { api, client, got, type Schemas } from "~/api/client.ts";
import { blocksQuery, exportQuery } from "~/api/queries-own.ts";
import { takeLeave } from "~/flows/user-change.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { exact } from "~/lib/times.ts";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/settings.ts";
import { texts as common } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { Media, THUMB } from "~/ui/Media.tsx";
import { Spinner } from "~/ui/Spinner.tsx";
import { ErrorState, Skeleton } from "~/ui/states.tsx";
import { toast } from "~/ui/toast.ts";
import { Time } from "~/ui/values.tsx";

const WORDS = texts.data;

export function OwnData({ userId }: { userId: string }) {
  return (
    <div className="flex flex-col gap-12">
      <section>
        <h2 className="mb-2 font-semibold text-xl">{WORDS.export.title}</h2>
        <p className="mb-4 max-w-2xl text-muted">{WORDS.export.about}</p>
        {/* As high as a button below a line, whichever of the two there is. */}
        <div className="min-h-18">
          <Export userId={userId} />
        </div>
      </section>
      <section>
        <h2 className="mb-2 font-semibold text-xl">{WORDS.deletion.title}</h2>
        <p className="mb-4 max-w-2xl text-muted">{WORDS.deletion.about}</p>
        <Deletion />
      </section>
      {/* Last, since its length is not known before it comes. */}
      <section>
        <h2 className="mb-4 font-semibold text-xl">{WORDS.blocked}</h2>
        <Blocked userId={userId} />
      </section>
    </div>
  );
}

function Blocked({ userId }: { userId: string }) {
  const client = useQueryClient();
  const pages = useInfiniteQuery(blocksQuery(userId));
  const unblock = useMutation({
    mutationFn: (username: string) => got(api.DELETE("/v1/users/{username}/block", { params: { path: { username } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["own", userId, "blocks"] }),
    onError: toast.error,
  });
  return (
    <Paged pages={pages} empty={<Quiet>{WORDS.noneBlocked}</Quiet>}>
      {(users) => (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface">
          {users.map((user) => (
            <li key={user.username} className="flex items-center gap-4 px-5 py-3">
              <Media src={user.avatarUrl} sizes={THUMB} alt="" className="size-10 shrink-0 rounded-full" />
              <Link
                to="/users/$username"
                params={{ username: user.username }}
                className="min-w-0 flex-1 truncate font-medium"
              >
                {user.displayName ?? user.username}
              </Link>
              <Button
                size="s"
                variant="secondary"
                aria-label={WORDS.unblockOf(user.username)}
                busy={unblock.isPending && unblock.variables === user.username}
                onClick={() => unblock.mutate(user.username)}
              >
                {WORDS.unblock}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Paged>
  );
}

function Export({ userId }: { userId: string }) {
  const client = useQueryClient();
  const { data: made, error, refetch } = useQuery(exportQuery(userId));
  const ask = useMutation({
    mutationFn: () => got(api.POST("/v1/me/export")),
    onSuccess: (asked) => client.setQueryData(exportQuery(userId).queryKey, asked),
    onError: toast.error,
  });
  const fetching = useMutation({ mutationFn: download, onError: toast.error });
  const preparing = made?.status === "preparing";
  if (made === undefined) {
    return error === null ? (
      <Skeleton className="h-10 w-56" />
    ) : (
      <ErrorState error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <div className="flex flex-col items-start gap-3">
      <p role="status" className="flex items-center gap-2 text-sm">
        {preparing && <Spinner />}
        <How made={made} />
      </p>
      {made?.status === "ready" ? (
        <Button variant="secondary" busy={fetching.isPending} onClick={() => fetching.mutate()}>
          {WORDS.export.download}
        </Button>
      ) : (
        <Button variant="secondary" busy={ask.isPending} disabled={preparing} onClick={() => ask.mutate()}>
          {WORDS.export.ask}
        </Button>
      )}
    </div>
  );
}

function How({ made }: { made: Schemas["ExportBody"] | null }) {
  if (made === null) return null;
  if (made.status === "preparing") return WORDS.export.preparing;
  if (made.status === "expired" || made.expiresAt === undefined) return WORDS.export.expired;
  return (
    <span>
      {WORDS.export.ready(Math.ceil((made.bytes ?? 0) / 1024))} <Time at={made.expiresAt} />
    </span>
  );
}

/** The archive is given to its owner's token only, so a plain link would not do. */
async function download(): Promise<void> {
  const archive = (await got(api.GET("/v1/me/export/archive", { parseAs: "blob" }))) as unknown as Blob;
  const url = URL.createObjectURL(archive);
  const link = document.createElement("a");
  link.href = url;
  link.download = "account.zip";
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser reads it in its own time
}

function Deletion() {
  const [sure, setSure] = useState(false);
  const end = useMutation({
    mutationFn: () => got(api.DELETE("/v1/me")),
    async onSuccess({ deletesAt }) {
      setSure(false);
      await client.session.set(undefined); // all sessions have ended
      takeLeave();
      toast.kept(WORDS.deletion.begun, WORDS.deletion.until(exact(deletesAt)));
    },
  });
  return (
    <>
      <Button variant="danger" onClick={() => setSure(true)}>
        {WORDS.deletion.button}
      </Button>
      {sure && (
        <Dialog title={WORDS.deletion.sure} onClose={() => setSure(false)}>
          <ul className="flex list-disc flex-col gap-2 pl-5 text-muted">
            {WORDS.deletion.facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
          <div className="mt-4">
            <FormFailure failure={end.error} />
          </div>
          <div className="mt-4 flex gap-3">
            <Button variant="danger" busy={end.isPending} onClick={() => end.mutate()}>
              {WORDS.deletion.confirm}
            </Button>
            <Button variant="secondary" onClick={() => setSure(false)}>
              {common.common.cancel}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
