import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds the API. The page itself always asks the origin that served it. */
const API = process.env.STEADYMINT_API_URL ?? "http://127.0.0.1:8080";
const PROXIED = ["/v1", "/media", "/ipfs", "/graphql", "/docs", "/openapi.json", "/swagger"];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../api/storefront/dist", // where the API reads it, and the wheel takes it from
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // a data: URL would need a wider content security policy
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: { checks: { pluginTimings: false } },
    manifest: true,
  },
  server: {
    proxy: Object.fromEntries(PROXIED.map((path) => [path, { target: API, changeOrigin: false }])),
  },
});
