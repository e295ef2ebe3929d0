// Short messages about what has happened. Errors stay until they are closed.

import { adviceOn } from "~/api/problems.ts";
import { createStore } from "~/lib/store.ts";

export interface Toast {
  id: number;
  kind: "done" | "error";
  title: string;
  detail?: string;
}

const SHOWN_MS = 6_000;

export const toasts = createStore<readonly Toast[]>([]);
let last = 0;

export const toast = {
  done(title: string, detail?: string): void {
    const id = add({ kind: "done", title, detail });
    setTimeout(() => close(id), SHOWN_MS);
  },
  /** For what must not be missed: it stays until it is closed. */
  kept(title: string, detail: string): void {
    add({ kind: "done", title, detail });
  },
  error(error: unknown): void {
    const { title, advice } = adviceOn(error);
    add({ kind: "error", title, detail: advice });
  },
  /** For what is no error of the API: a rule of the page. */
  refused(title: string): void {
    add({ kind: "error", title });
  },
  close,
};

function add(what: Omit<Toast, "id">): number {
  last += 1;
  toasts.set((shown) => [...shown.slice(-3), { ...what, id: last }]);
  return last;
}

function close(id: number): void {
  toasts.set((shown) => shown.filter((one) => one.id !== id));
}
