import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";

import { classes } from "~/lib/classes.ts";

export interface Tab<T extends string> {
  id: T;
  label: string;
  count?: string;
}

interface Props<T extends string> {
  label: string;
  tabs: readonly Tab<T>[];
  shown: T;
  onShow: (id: T) => void;
  children: ReactNode;
}

/** Tabs with their panel. Arrow keys move between them (WAI-ARIA). */
export function Tabs<T extends string>({ label, tabs, shown, onShow, children }: Props<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);

  function move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = (tabs.findIndex((tab) => tab.id === shown) + step + tabs.length) % tabs.length;
    const next = tabs[place];
    if (next === undefined) return;
    onShow(next.id);
    list.current?.querySelectorAll<HTMLButtonElement>("[role=tab]")[place]?.focus();
  }

  return (
    <>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={move}
        className="flex gap-3 overflow-x-auto sm:gap-6 border-line border-b [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            aria-selected={tab.id === shown}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === shown ? 0 : -1}
            onClick={() => onShow(tab.id)}
            className={classes(
              "-mb-px shrink-0 border-b-2 py-3 font-medium text-sm transition-colors sm:px-0.5 sm:text-[15px] focus-visible:-outline-offset-2",
              tab.id === shown ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
            )}
          >
            {tab.label}
            {tab.count !== undefined && <span className="figures ml-1.5 text-muted text-sm">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown}`} tabIndex={-1} className="pt-6">
        {children}
      </div>
    </>
  );
}
