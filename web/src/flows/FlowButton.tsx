import { type ComponentProps, useState } from "react";

import { Button } from "~/ui/Button.tsx";
import { toast } from "~/ui/toast.ts";
import { walletErrorOf } from "~/wallet/provider.ts";
import type { Flow } from "./flow.ts";

interface Props extends Omit<ComponentProps<typeof Button>, "busy" | "onClick" | "size"> {
  begin: () => Promise<Flow>;
}

/** A small button in a row of a list that begins a flow. A second click while it runs does nothing. */
export function FlowButton({ begin, ...rest }: Props) {
  const [busy, setBusy] = useState(false);

  async function press(): Promise<void> {
    setBusy(true);
    try {
      await begin();
    } catch (error) {
      if (walletErrorOf(error)?.failure !== "rejected") toast.error(error);
    } finally {
      setBusy(false);
    }
  }

  return <Button {...rest} size="s" busy={busy} onClick={() => void press()} />;
}
