// What somebody has and has done: items, offers, activity, approvals, security.

import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";

import type { Hex } from "~/api/client.ts";
import type { Session } from "~/api/session.ts";
import { useTitle } from "~/layout/title.ts";
import { SignedIn } from "~/people/SignedIn.tsx";
import { texts } from "~/texts/account.ts";
import { Tabs } from "~/ui/Tabs.tsx";
import { AccountHead } from "./AccountHead.tsx";
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
  const [chosen, setChosen] = useState<Hex | null>(null);
  const address = chosen ?? session.address;
  return (
    <div className="shell py-10">
      <AccountHead userId={session.userId} address={address} onChoose={setChosen} />
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
