// Bundles what a page would import, and prints as JSON how large each bundle is and what of the packages is in it.

import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const IMPORTS = {
  all: "createSteadymint",
  "sign-in": "createClient, signIn",
  "mint": "createClient, signIn, mint",
  lists: "createClient, pages",
};

async function bundled(names) {
  const { metafile, outputFiles } = await build({
    stdin: { contents: `export { ${names} } from "@steadymint/client";`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    metafile: true,
    write: false,
  });
  const [{ contents }] = outputFiles;
  const [{ inputs }] = Object.values(metafile.outputs);
  const used = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  return { bytes: contents.length, compressed: gzipSync(contents, { level: 9 }).length, used };
}

const sizes = await Promise.all(Object.entries(IMPORTS).map(async ([name, names]) => [name, await bundled(names)]));
console.log(JSON.stringify(Object.fromEntries(sizes)));
