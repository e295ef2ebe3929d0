// What stands between the viewer and a user: following and blocking.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, got, type Schemas } from "~/api/client.ts";
import { meQuery } from "~/api/queries-own.ts";
import { type Session, useSession } from "~/api/session.ts";
import { texts } from "~/texts/user.ts";
import { Button, buttonClass } from "~/ui/Button.tsx";
import { toast } from "~/ui/toast.ts";
import { requireSession } from "~/wallet/wallet.ts";

type User = Schemas["UserBody"];
type Deed = "follow" | "unfollow" | "block" | "unblock";

export function Between({ user }: { user: User }) {
  const session = useSession();
  if (session === null)
    return <Button onClick={() => void requireSession().catch(() => undefined)}>{texts.follow}</Button>;
  return <ForUser user={user} session={session} />;
}

function ForUser({ user, session }: { user: User; session: Session }) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery(session.userId));
  const { username, viewer } = user;
  const deed = useMutation({
    mutationFn: (what: Deed) => doIt(what, username),
    onSuccess: async (_, what) => {
      if (what === "block") toast.done(texts.blockedNow(user.displayName ?? username));
      await client.invalidateQueries({ queryKey: ["user", username] });
    },
    onError: toast.error,
  });
  if (me?.username === username) {
    return (
      <Link to="/settings" className={buttonClass("secondary")}>
        {texts.edit}
      </Link>
    );
  }
  if (viewer === undefined) return null;
  const busy = (what: Deed): boolean => deed.isPending && deed.variables === what;
  if (viewer.blocked) {
    return (
      <div className="flex flex-wrap items-center gap-4">
        <p className="max-w-sm text-muted text-sm">{texts.blocked}</p>
        <Button variant="secondary" busy={busy("unblock")} onClick={() => deed.mutate("unblock")}>
          {texts.unblock}
        </Button>
      </div>
    );
  }
  return (
    <div className="flex gap-2">
      {viewer.follows ? (
        <Button
          variant="secondary"
          aria-label={texts.unfollowOf(username)}
          busy={busy("unfollow")}
          onClick={() => deed.mutate("unfollow")}
        >
          {texts.unfollow}
        </Button>
      ) : (
        <Button busy={busy("follow")} onClick={() => deed.mutate("follow")}>
          {texts.follow}
        </Button>
      )}
      <Button variant="ghost" busy={busy("block")} onClick={() => deed.mutate("block")}>
        {texts.block}
      </Button>
    </div>
  );
}

async function doIt(what: Deed, username: string): Promise<void> {
  const params = { path: { username } };
  switch (what) {
    case "follow":
      await got(api.PUT("/v1/users/{username}/follow", { params }));
      return;
    case "unfollow":
      await got(api.DELETE("/v1/users/{username}/follow", { params }));
      return;
    case "block":
      await got(api.PUT("/v1/users/{username}/block", { params }));
      return;
    case "unblock":
      await got(api.DELETE("/v1/users/{username}/block", { params }));
  }
}
