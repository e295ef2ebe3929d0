import { type ComponentProps, useState } from "react";

import { Button } from "~/ui/Button.tsx";
import { toast } from "~/ui/toast.ts";
import { walletErrorOf } from "~/wallet/provider.ts";
import type { Flow } from "./flow.ts";

interface Props extends Omit<ComponentProps<typeof Button>, "busy" | "onClick"> {
  begin: () => Promise<Flow>;
}

/**
 * A button that begins a flow, small as in a row of a list. A second click while it runs does nothing. A visitor who
 * closes the connect dialog has said no; all else that stops a start is told.
 */
export function FlowButton({ begin, size = "s", ...rest }: Props) {
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

  return <Button {...rest} size={size} busy={busy} onClick={() => void press()} />;
}
