// What belongs to no field, above the button that was pressed.

import { adviceOn } from "~/api/problems.ts";
import { Note } from "~/ui/states.tsx";
import { WalletError } from "~/wallet/provider.ts";
import { texts } from "~/texts.ts";

export function FormFailure({ failure }: { failure: unknown }) {
  if (failure === null || failure === undefined) return null;
  const { title, advice } = failure instanceof WalletError ? { advice: failure.message, ...texts.wallet.failures[failure.failure] } : adviceOn(failure);
  return (
    <Note kind="danger" title={title}>
      <p>{advice}</p>
    </Note>
  );
}
