import { Link } from "@tanstack/react-router";

import type { Hex } from "~/api/client.ts";
import { HeldTokens } from "~/people/HeldTokens.tsx";
import { texts } from "~/texts/account.ts";
import { buttonClass } from "~/ui/Button.tsx";
import { Empty } from "~/ui/states.tsx";

const WORDS = texts.items;

export function ItemsTab({ address }: { address: Hex }) {
  const explore = (
    <Link to="/" className={buttonClass()}>
      {WORDS.explore}
    </Link>
  );
  return (
    <HeldTokens
      address={address}
      empty={
        <Empty title={WORDS.none} action={explore}>
          {WORDS.noneAdvice}
        </Empty>
      }
    />
  );
}
