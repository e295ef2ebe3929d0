import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, got, type Schemas } from "~/api/client.ts";
import { securityEventsQuery, sessionsQuery } from "~/api/queries-own.ts";
import { Paged, type PagesOf, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/account.ts";
import { Button } from "~/ui/Button.tsx";
import { Skeleton } from "~/ui/states.tsx";
import { Table } from "~/ui/Table.tsx";
import { toast } from "~/ui/toast.ts";
import { Badge, Time } from "~/ui/values.tsx";

const WORDS = texts.security;

export function SecurityTab({ userId }: { userId: string }) {
  const events = useInfiniteQuery(securityEventsQuery(userId));
  const sessions = useInfiniteQuery(sessionsQuery(userId));
  return (
    <div className="flex flex-col gap-10">
      <section>
        <h2 className="mb-4 font-semibold text-xl">{WORDS.sessions}</h2>
        <Sessions userId={userId} pages={sessions} />
      </section>
      {/* It stands below a list whose length is not known before it comes, and would move with it. */}
      <section hidden={sessions.isPending}>
        <h2 className="mb-4 font-semibold text-xl">{WORDS.events}</h2>
        <Paged pages={events} empty={<Quiet>{WORDS.noEvents}</Quiet>}>
          {(lines) => (
            <Table
              caption={WORDS.eventsTable}
              rows={lines}
              rowKey={(line) => line.id}
              columns={[
                { title: WORDS.what, cell: (line) => line.description },
                { title: WORDS.from, wide: true, cell: (line) => line.ipAddress ?? "—" },
                { title: WORDS.when, end: true, cell: (line) => <Time at={line.at} /> },
              ]}
            />
          )}
        </Paged>
      </section>
    </div>
  );
}

function Sessions({ userId, pages }: { userId: string; pages: PagesOf<Schemas["SessionView"]> }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: (sessionId: string) =>
      got(api.DELETE("/v1/auth/sessions/{sessionId}", { params: { path: { sessionId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["own", userId, "sessions"] }),
    onError: toast.error,
  });
  return (
    <Paged pages={pages} empty={null} waiting={<Skeleton className="h-16" />}>
      {(sessions) => (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface">
          {sessions.map((session) => (
            <li key={session.sessionId} className="flex flex-wrap items-center justify-between gap-3 px-5 py-4">
              <div>
                <p className="font-medium">{deviceOf(session)}</p>
                <p className="text-muted text-sm">
                  {session.ipAddress !== undefined && `${session.ipAddress} · `}
                  {WORDS.lastUsed} <Time at={session.lastUsedAt ?? session.createdAt} />
                </p>
              </div>
              {session.current ? (
                <Badge tone="accent">{WORDS.current}</Badge>
              ) : (
                <Button
                  variant="secondary"
                  size="s"
                  aria-label={WORDS.endOf(deviceOf(session))}
                  busy={end.isPending && end.variables === session.sessionId}
                  onClick={() => end.mutate(session.sessionId)}
                >
                  {WORDS.end}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Paged>
  );
}

const BROWSERS = ["Firefox", "Edg", "OPR", "Chrome", "Safari"];
const SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"];

/** `Chrome on Linux`, of a user agent's text. */
function deviceOf({ userAgent = "" }: Schemas["SessionView"]): string {
  const browser = BROWSERS.find((name) => userAgent.includes(name));
  const system = SYSTEMS.find((name) => userAgent.includes(name));
  const known = [browser, system].filter((part) => part !== undefined);
  return known.length === 0 ? WORDS.unknownDevice : known.join(" on ");
}
