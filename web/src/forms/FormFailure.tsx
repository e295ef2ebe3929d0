// What belongs to no field, above the button that was pressed.

import { adviceOn } from "~/api/problems.ts";
import { texts } from "~/texts.ts";
import { Note } from "~/ui/states.tsx";
import { walletErrorOf } from "~/wallet/provider.ts";

export function FormFailure({ failure }: { failure: unknown }) {
  if (failure === null || failure === undefined) return null;
  const ofWallet = walletErrorOf(failure);
  const words = ofWallet === undefined ? adviceOn(failure) : texts.wallet.failures[ofWallet.failure];
  return (
    <Note kind="danger" title={words.title}>
      <p>{words.advice ?? ofWallet?.message}</p>
    </Note>
  );
}
