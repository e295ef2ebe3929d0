// A value outside of React that components follow.

import { useSyncExternalStore } from "react";

export interface Store<T> {
  get(): T;
  set(change: T | ((before: T) => T)): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(change) {
      const next = typeof change === "function" ? (change as (before: T) => T)(value) : change;
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A store that is kept in this browser, and follows the other tabs. `read` makes a value of what was stored. */
export function createStoredStore<T>(key: string, read: (stored: unknown) => T): Store<T> {
  const load = (): T => {
    try {
      return read(JSON.parse(localStorage.getItem(key) ?? "null"));
    } catch {
      return read(null);
    }
  };
  const store = createStore<T>(load());
  window.addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) store.set(load());
  });
  return {
    ...store,
    set(change) {
      store.set(change);
      try {
        localStorage.setItem(key, JSON.stringify(store.get()));
      } catch {
        // No storage, or no room: it works until the page is left.
      }
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
