// For pages that are about whoever is signed in: what a visitor sees in their place.

import type { ReactNode } from "react";

import { type Session, useSession } from "~/api/session.ts";
import { texts } from "~/texts/account.ts";
import { Button } from "~/ui/Button.tsx";
import { Empty } from "~/ui/states.tsx";
import { requireSession } from "~/wallet/wallet.ts";

const WORDS = texts.signIn;

export function SignedIn({ title, children }: { title: string; children: (session: Session) => ReactNode }) {
  const session = useSession();
  if (session !== null) return children(session);
  return (
    <div className="shell py-10">
      <h1 className="mb-8 font-semibold text-4xl tracking-tight">{title}</h1>
      <Empty
        title={WORDS.title}
        action={<Button onClick={() => void requireSession().catch(() => undefined)}>{WORDS.connect}</Button>}
      >
        {WORDS.advice}
      </Empty>
    </div>
  );
}
