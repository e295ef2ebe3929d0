// What somebody tells of themselves, what they prefer, and their wallets.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import type { Schemas } from "~/api/client.ts";
import { meQuery } from "~/api/queries-own.ts";
import type { Session } from "~/api/session.ts";
import { useTitle } from "~/layout/title.ts";
import { SignedIn } from "~/people/SignedIn.tsx";
import { texts } from "~/texts/settings.ts";
import { ErrorState, Loading, Skeleton } from "~/ui/states.tsx";
import { Tabs } from "~/ui/Tabs.tsx";
import { OwnData } from "./OwnData.tsx";
import { PreferencesForm } from "./PreferencesForm.tsx";
import { ProfileForm } from "./ProfileForm.tsx";
import { TABS, type TabName } from "./tabs.ts";
import { Wallets } from "./Wallets.tsx";
import { Webhooks } from "./Webhooks.tsx";

const route = getRouteApi("/settings");

export default function SettingsPage() {
  useTitle(texts.title);
  return <SignedIn title={texts.title}>{(session) => <Settings session={session} />}</SignedIn>;
}

function Settings({ session }: { session: Session }) {
  const { tab = "profile" } = route.useSearch();
  const go = route.useNavigate();
  const { data: me, error, refetch } = useQuery(meQuery(session.userId));
  return (
    <div className="shell max-w-4xl py-10">
      <h1 className="mb-6 font-semibold text-4xl tracking-tight">{texts.title}</h1>
      <Tabs
        label={texts.tabs.label}
        tabs={TABS.map((id) => ({ id, label: texts.tabs[id] }))}
        shown={tab}
        onShow={(next) => void go({ search: { tab: next }, replace: true, resetScroll: false })}
      >
        {me !== undefined ? (
          <Shown tab={tab} me={me} />
        ) : error !== null ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading>
            <div className="flex flex-col gap-5">
              {[1, 2, 3, 4].map((line) => (
                <Skeleton key={line} className="h-16" />
              ))}
            </div>
          </Loading>
        )}
      </Tabs>
    </div>
  );
}

/** The forms begin anew when what they show was saved, here or in another tab. */
function Shown({ tab, me }: { tab: TabName; me: Schemas["MeBody"] }) {
  switch (tab) {
    case "profile":
      return <ProfileForm key={me.updatedAt} me={me} />;
    case "preferences":
      return <PreferencesForm key={me.updatedAt} me={me} />;
    case "wallets":
      return <Wallets me={me} />;
    case "webhooks":
      return <Webhooks userId={me.userId} />;
    case "data":
      return <OwnData userId={me.userId} />;
  }
}
