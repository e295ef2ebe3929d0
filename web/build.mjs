// Builds `api/storefront/dist/`: the pages, each text file also compressed, and the budget of the first load held.
//
//   node build.mjs

import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { build } from "vite";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const SERVED = join(ROOT, "../api/storefront/dist");
/** The build takes its place when it is whole: an API that runs beside it serves the old one until then. */
const DIST = join(ROOT, "../api/storefront/dist.new");
const OLD = join(ROOT, "../api/storefront/dist.old");
/** Compressed bytes of JavaScript that a first visit may load. */
const BUDGET = 180 * 1024;
const TEXT = /\.(js|css|html|svg|txt|json|webmanifest)$/;
/** Below that many bytes a compressed copy gains nothing. */
const SMALL = 1024;

await build({ root: ROOT, logLevel: "warn", build: { outDir: DIST, emptyOutDir: true } });
const sizes = await compressAll();
await holdBudget(sizes);
await rm(join(DIST, ".vite"), { recursive: true });
await replace();

async function replace() {
  await rm(OLD, { recursive: true, force: true });
  await rename(SERVED, OLD).catch((error) => {
    if (error.code !== "ENOENT") throw error; // the first build
  });
  await rename(DIST, SERVED);
  await rm(OLD, { recursive: true, force: true });
}

/** Bytes after gzip, which every client takes, by the path below `dist/`. */
async function compressAll() {
  const found = await readdir(DIST, { recursive: true, withFileTypes: true });
  const sizes = new Map();
  for (const entry of found.filter((one) => one.isFile() && TEXT.test(one.name))) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const [zipped, brotli] = await Promise.all([
      promisify(gzip)(bytes, { level: 9 }),
      promisify(brotliCompress)(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
      }),
    ]);
    const name = path.slice(DIST.length + 1);
    sizes.set(name, zipped.length);
    // The server writes into the page's head, so it compresses that one itself.
    if (bytes.length < SMALL || name === "index.html" || name.startsWith(".vite")) continue;
    await writeFile(`${path}.gz`, zipped);
    await writeFile(`${path}.br`, brotli);
  }
  return sizes;
}

/** What the first load of each page takes: the entry, what it imports, and the chunk of its route. */
async function holdBudget(sizes) {
  const manifest = JSON.parse(await readFile(join(DIST, ".vite/manifest.json"), "utf8"));
  const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
  const first = closure(manifest, entry);
  const pages = Object.keys(manifest).filter((key) => /^src\/pages\/[^/]+\/page\.tsx$/.test(key));
  const largest = Math.max(...[[], ...pages.map((key) => [...closure(manifest, key)])].map((keys) => total(keys)));
  for (const key of pages) report(key.split("/")[2], total([...closure(manifest, key)]));
  if (largest > BUDGET) {
    console.error(`The first load takes ${kib(largest)} of JavaScript; the budget is ${kib(BUDGET)}.`);
    process.exit(1);
  }

  function total(keys) {
    const files = new Set([...first, ...keys].map((key) => manifest[key].file));
    return [...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
  }
}

function report(page, bytes) {
  console.log(`${page.padEnd(14)} ${kib(bytes)} of JavaScript at the first load, gzip; budget ${kib(BUDGET)}`);
}

function closure(manifest, key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const one of manifest[key].imports ?? []) closure(manifest, one, seen);
  }
  return seen;
}

function kib(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
