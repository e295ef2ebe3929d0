// Light or dark. `public/theme.js` applies it before the first paint.

import { createStore } from "~/lib/store.ts";

export type Theme = "light" | "dark";

const KEY = "steadymint.theme";

export const theme = createStore<Theme>(document.documentElement.dataset.theme === "dark" ? "dark" : "light");

/** `auto` follows the system again. */
export function chooseTheme(chosen: Theme | "auto"): void {
  if (chosen === "auto") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, chosen);
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  theme.set(chosen === "auto" ? system : chosen);
  document.documentElement.dataset.theme = theme.get();
}
