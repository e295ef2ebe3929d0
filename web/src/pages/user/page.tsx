// A user, as others see them.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";

import type { Schemas } from "~/api/client.ts";
import { isMissing } from "~/api/problems.ts";
import { followersQuery, userQuery } from "~/api/queries-own.ts";
import { useSession } from "~/api/session.ts";
import { useTitle } from "~/layout/title.ts";
import { HeldTokens } from "~/people/HeldTokens.tsx";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/user.ts";
import { Media, THUMB, WHOLE } from "~/ui/Media.tsx";
import { ErrorState, Loading, NotFound, Skeleton } from "~/ui/states.tsx";
import { Tabs } from "~/ui/Tabs.tsx";
import { AddressLabel, Badge, Price } from "~/ui/values.tsx";
import { Between } from "./Between.tsx";
import { Links } from "./Links.tsx";

type User = Schemas["UserBody"];
type TabName = "items" | "followers" | "following";

const route = getRouteApi("/users/$username");

export default function UserPage() {
  const { username } = route.useParams();
  const viewer = useSession()?.userId;
  const { data, error, refetch } = useQuery(userQuery(username, viewer));
  useTitle(data?.displayName ?? username);
  if (data !== undefined) return <Shown key={data.username} user={data} />;
  if (error !== null) {
    if (isMissing(error)) return <NotFound what={texts.missing} />;
    return (
      <div className="shell py-16">
        <ErrorState error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  return (
    <Loading>
      <Skeleton className="h-56 rounded-none" />
      <div className="shell flex flex-col gap-4 pt-6">
        <Skeleton className="h-10 w-64" />
        <Skeleton className="h-24" />
      </div>
    </Loading>
  );
}

function Shown({ user }: { user: User }) {
  const name = user.displayName ?? user.username;
  return (
    <>
      {user.bannerUrl ? (
        <Media src={user.bannerUrl} sizes={WHOLE} alt="" ratio="banner" className="max-h-72 w-full" eager />
      ) : (
        <div className="h-28 bg-linear-to-br from-accent-soft to-sunken md:h-40" />
      )}
      <div className="shell pb-16">
        <div className="flex flex-wrap items-end justify-between gap-4">
          <Media
            src={user.avatarUrl}
            sizes="144px"
            alt=""
            className="relative -mt-14 size-28 rounded-full border-4 border-canvas"
            eager
          />
          <Between user={user} />
        </div>
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <h1 className="break-words font-semibold text-4xl tracking-tight">{name}</h1>
          {user.viewer?.followedBy === true && <Badge>{texts.followsYou}</Badge>}
        </div>
        <p className="mt-1.5 flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
          <span>@{user.username}</span>
          {user.address !== undefined && <AddressLabel address={user.address} copy />}
          {user.joinedAt !== undefined && (
            <span>
              {texts.joined} {new Date(user.joinedAt).toLocaleDateString("en", { month: "long", year: "numeric" })}
            </span>
          )}
        </p>
        {user.bio !== undefined && <p className="mt-5 max-w-2xl whitespace-pre-line break-words">{user.bio}</p>}
        <Links name={name} socials={user.socials} />
        {user.stats === undefined ? (
          <div className="mt-8">
            <Quiet>{texts.private}</Quiet>
          </div>
        ) : (
          <>
            <Stats stats={user.stats} />
            <More user={user} stats={user.stats} />
          </>
        )}
      </div>
    </>
  );
}

function Stats({ stats }: { stats: Schemas["UserStatsBody"] }) {
  const words = texts.stats;
  return (
    <dl className="mt-8 grid grid-cols-2 gap-4 rounded-card border border-line bg-surface p-5 sm:grid-cols-5">
      <Stat title={words.items}>{stats.items}</Stat>
      <Stat title={words.collections}>{stats.collections}</Stat>
      <Stat title={words.sales}>{stats.sales}</Stat>
      <Stat title={words.purchases}>{stats.purchases}</Stat>
      <Stat title={words.volume}>
        <Price amount={stats.volumeSold} />
      </Stat>
    </dl>
  );
}

function Stat({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-muted text-sm">{title}</dt>
      <dd className="figures mt-0.5 font-semibold text-lg">{children}</dd>
    </div>
  );
}

function More({ user, stats }: { user: User; stats: Schemas["UserStatsBody"] }) {
  const [tab, setTab] = useState<TabName>("items");
  const words = texts.tabs;
  return (
    <div className="mt-8">
      <Tabs
        label={words.label}
        shown={tab}
        onShow={setTab}
        tabs={[
          { id: "items", label: words.items },
          { id: "followers", label: words.followers, count: String(stats.followers) },
          { id: "following", label: words.following, count: String(stats.following) },
        ]}
      >
        {tab !== "items" ? (
          <People username={user.username} which={tab} />
        ) : user.address === undefined ? (
          <Quiet>{texts.noItems}</Quiet>
        ) : (
          <HeldTokens address={user.address} empty={<Quiet>{texts.noItems}</Quiet>} />
        )}
      </Tabs>
    </div>
  );
}

function People({ username, which }: { username: string; which: "followers" | "following" }) {
  const pages = useInfiniteQuery(followersQuery(username, which));
  return (
    <Paged pages={pages} empty={<Quiet>{which === "followers" ? texts.noFollowers : texts.noFollowing}</Quiet>}>
      {(users) => (
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {users.map((user) => (
            <li key={user.username}>
              <Link
                to="/users/$username"
                params={{ username: user.username }}
                className="flex items-center gap-3 rounded-card border border-line bg-surface p-3 hover:border-control"
              >
                <Media src={user.avatarUrl} sizes={THUMB} alt="" className="size-12 shrink-0 rounded-full" />
                <span className="min-w-0">
                  <span className="block truncate font-medium">{user.displayName ?? user.username}</span>
                  <span className="block truncate text-muted text-sm">@{user.username}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Paged>
  );
}
