import { classes } from "~/lib/classes.ts";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { IconButton } from "./Button.tsx";
import { AlertIcon, CheckIcon, CloseIcon } from "./icons.tsx";
import { toast, toasts } from "./toast.ts";

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-end gap-2 sm:left-auto sm:w-96"
    >
      {shown.map((one) => (
        <div
          key={one.id}
          className="pointer-events-auto flex w-full items-start gap-3 rounded-card border border-line bg-surface p-4 shadow-lift"
        >
          <span className={classes("mt-0.5", one.kind === "error" ? "text-danger" : "text-accent")}>
            {one.kind === "error" ? <AlertIcon /> : <CheckIcon />}
          </span>
          <div className="min-w-0 flex-1">
            <p className="font-medium">{one.title}</p>
            {one.detail !== undefined && <p className="mt-0.5 text-muted text-sm">{one.detail}</p>}
          </div>
          <IconButton label={texts.common.close} className="-m-2" onClick={() => toast.close(one.id)}>
            <CloseIcon className="size-4" />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
