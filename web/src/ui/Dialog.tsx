import { type ReactNode, useEffect, useId, useRef } from "react";

import { classes } from "~/lib/classes.ts";
import { texts } from "~/texts.ts";
import { IconButton } from "./Button.tsx";
import { CloseIcon } from "./icons.tsx";

interface Props {
  title: string;
  /** Left out where only what is in the dialog ends it. */
  onClose?: () => void;
  children: ReactNode;
  /** A sheet at the right edge in place of a box in the middle. */
  sheet?: boolean;
}

/** A modal dialog while it is rendered. The browser keeps the focus inside, and Escape closes it. */
export function Dialog({ title, onClose, children, sheet = false }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same as a click beside the dialog
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // Browsers close it at a second Escape, whatever was said to the first.
      onClose={() => ref.current?.isConnected && ref.current.showModal()}
      onClick={(event) => event.target === ref.current && onClose?.()}
      className={classes(
        "fixed max-w-none overflow-hidden bg-surface p-0 text-ink shadow-lift",
        sheet
          ? "inset-y-0 right-0 left-auto m-0 h-dvh max-h-none w-full border-line sm:w-[420px] sm:border-l"
          : "inset-x-0 top-auto bottom-0 m-0 max-h-[92dvh] w-full rounded-t-[20px] border border-line sm:top-0 sm:m-auto sm:w-[480px] sm:rounded-[20px]",
      )}
    >
      <div className={classes("flex flex-col", sheet ? "h-full" : "max-h-[92dvh]")}>
        <div className="flex items-center justify-between gap-4 py-3 pr-3 pl-6">
          <h2 id={id} className="min-w-0 truncate font-semibold text-xl">
            {title}
          </h2>
          {onClose !== undefined && (
            <IconButton label={texts.common.close} onClick={onClose}>
              <CloseIcon />
            </IconButton>
          )}
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6">{children}</div>
      </div>
    </dialog>
  );
}
