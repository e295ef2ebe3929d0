// What somebody has and has done: items, offers, activity, approvals, security.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";

import type { Hex } from "~/api/client.ts";
import { meQuery } from "~/api/queries-own.ts";
import type { Session } from "~/api/session.ts";
import { useTitle } from "~/layout/title.ts";
import { SignedIn } from "~/people/SignedIn.tsx";
import { texts } from "~/texts/account.ts";
import { Media } from "~/ui/Media.tsx";
import { Tabs } from "~/ui/Tabs.tsx";
import { AddressLabel, shortAddress } from "~/ui/values.tsx";
import { ActivityTab } from "./ActivityTab.tsx";
import { ApprovalsTab } from "./ApprovalsTab.tsx";
import { ItemsTab } from "./ItemsTab.tsx";
import { OffersTab } from "./OffersTab.tsx";
import { SecurityTab } from "./SecurityTab.tsx";
import { TABS, type TabName } from "./tabs.ts";

const route = getRouteApi("/account");

export default function AccountPage() {
  useTitle(texts.title);
  return <SignedIn title={texts.title}>{(session) => <Account key={session.userId} session={session} />}</SignedIn>;
}

function Account({ session }: { session: Session }) {
  const { tab = "items" } = route.useSearch();
  const go = route.useNavigate();
  const { data: me } = useQuery(meQuery(session.userId));
  const [chosen, setChosen] = useState<Hex | null>(null);
  const wallets = [...new Map((me?.wallets ?? []).map((wallet) => [wallet.address, wallet])).values()];
  const address = chosen ?? session.address;
  return (
    <div className="shell py-10">
      <header className="mb-6 flex flex-wrap items-end justify-between gap-4">
        <div className="flex min-w-0 items-center gap-4">
          {me?.avatarUrl && (
            <Media src={me.avatarUrl} alt="" eager className="size-16 shrink-0 rounded-full sm:size-20" />
          )}
          <div className="min-w-0">
            <h1 className="font-semibold text-4xl tracking-tight">{texts.title}</h1>
            <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
              {me?.username && (
                <Link to="/users/$username" params={{ username: me.username }} className="font-medium hover:text-ink">
                  {me.displayName ?? `@${me.username}`}
                </Link>
              )}
              <AddressLabel address={address} copy />
            </p>
          </div>
        </div>
        {wallets.length > 1 && (
          <label className="flex items-center gap-2 text-sm">
            <span className="text-muted">{texts.wallet}</span>
            <select
              value={address}
              onChange={(event) => setChosen(event.target.value as Hex)}
              className="h-10 rounded-control border border-control bg-surface px-3"
            >
              {wallets.map((wallet) => (
                <option key={wallet.address} value={wallet.address}>
                  {wallet.label ?? shortAddress(wallet.address)}
                  {wallet.isPrimary ? ` (${texts.primary})` : ""}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      <Tabs
        label={texts.tabs.label}
        tabs={TABS.map((id) => ({ id, label: texts.tabs[id] }))}
        shown={tab}
        onShow={(next) => void go({ search: { tab: next }, replace: true, resetScroll: false })}
      >
        <Shown tab={tab} address={address} session={session} />
      </Tabs>
    </div>
  );
}

function Shown({ tab, address, session }: { tab: TabName; address: Hex; session: Session }) {
  switch (tab) {
    case "items":
      return <ItemsTab address={address} />;
    case "offers":
      return <OffersTab address={address} own={session.address} />;
    case "activity":
      return <ActivityTab address={address} />;
    case "approvals":
      return <ApprovalsTab session={session} />;
    case "security":
      return <SecurityTab userId={session.userId} />;
  }
}
