// What has come of a webhook's events, and a way to send those again that were given up.

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";

import { api, got, type Schemas } from "~/api/client.ts";
import { deliveriesQuery } from "~/api/queries-webhooks.ts";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/webhooks.ts";
import { Button } from "~/ui/Button.tsx";
import { Table } from "~/ui/Table.tsx";
import { toast } from "~/ui/toast.ts";
import { Badge, Time } from "~/ui/values.tsx";

type Delivery = Schemas["DeliveryView"];
const WORDS = texts.deliveries;
const TONES = { pending: "plain", delivered: "accent", dead: "danger" } as const;

export function Deliveries({ userId, webhookId }: { userId: string; webhookId: string }) {
  const id = useId();
  const client = useQueryClient();
  const [dead, setDead] = useState(false);
  const pages = useInfiniteQuery(deliveriesQuery(userId, webhookId, dead));
  const replay = useMutation({
    mutationFn: (body: Schemas["ReplayBody"]) =>
      got(api.POST("/v1/webhooks/{webhookId}/replay", { params: { path: { webhookId } }, body })),
    onSuccess: async ({ events }) => {
      toast.done(WORDS.replayed(events));
      await client.invalidateQueries({ queryKey: ["own", userId, "webhooks", webhookId] });
    },
    onError: toast.error,
  });
  return (
    <section aria-label={WORDS.title} className="mt-5 border-line border-t pt-4">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <span className="flex items-center gap-2">
          <input
            id={id}
            type="checkbox"
            className="size-4 accent-accent"
            checked={dead}
            onChange={(event) => setDead(event.target.checked)}
          />
          <label htmlFor={id} className="text-sm">
            {WORDS.onlyDead}
          </label>
        </span>
        <Button
          size="s"
          variant="secondary"
          busy={replay.isPending && replay.variables.last === undefined}
          onClick={() => replay.mutate({ first: 1, deadOnly: true })}
        >
          {WORDS.replayDead}
        </Button>
      </div>
      <Paged pages={pages} empty={<Quiet>{dead ? WORDS.noneDead : WORDS.none}</Quiet>}>
        {(lines) => (
          <Table
            caption={WORDS.table}
            rows={lines}
            rowKey={(line) => line.id}
            columns={[
              { title: WORDS.number, cell: (line) => line.sequence },
              { title: WORDS.event, cell: (line) => <span className="break-words">{line.type}</span> },
              { title: WORDS.state, cell: (line) => <State line={line} /> },
              { title: WORDS.when, end: true, wide: true, cell: (line) => <Time at={line.createdAt} /> },
              {
                title: WORDS.action,
                end: true,
                cell: ({ sequence, status }) =>
                  status !== "pending" && (
                    <Button
                      size="s"
                      variant="secondary"
                      aria-label={WORDS.againOf(sequence)}
                      busy={replay.isPending && replay.variables.last === sequence}
                      onClick={() => replay.mutate({ first: sequence, last: sequence })}
                    >
                      {WORDS.again}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Paged>
    </section>
  );
}

/** How it stands, and of what was not taken the reason. */
function State({ line: { status, attempts, error, responseStatus } }: { line: Delivery }) {
  const why = responseStatus ?? error;
  return (
    <span className="flex flex-col items-start gap-1">
      <Badge tone={TONES[status]}>{WORDS.states[status]}</Badge>
      {status !== "delivered" && attempts > 0 && (
        <span className="text-muted text-xs">{WORDS.tries(attempts, why === null ? undefined : String(why))}</span>
      )}
    </span>
  );
}
