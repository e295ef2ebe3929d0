// Before the first paint: the theme that was chosen, or the system's. `src/layout/theme.ts` writes it.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("steadymint.theme");
  } catch {
    // No storage: the system decides.
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
