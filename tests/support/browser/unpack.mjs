// Unpacks Chromium and what it needs into node_modules/.chromium, which goes when npm installs again.
//
// The package's own function unpacks below the machine's folder for temporary files, where users meet each other.

import { createReadStream, createWriteStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar-fs";

const modules = fileURLToPath(new URL("node_modules/", import.meta.url));
const packed = `${modules}@sparticuz/chromium/bin/`;
const target = `${modules}.chromium/`;

const read = (file) => createReadStream(packed + file, { highWaterMark: 2 ** 22 });
const inflated = () => createBrotliDecompress({ chunkSize: 2 ** 21 });

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await pipeline(read("chromium.br"), inflated(), createWriteStream(`${target}chromium`, { mode: 0o755 }));
await pipeline(read("al2023.tar.br"), inflated(), extract(`${target}libraries`)); // those that Amazon Linux leaves out
await pipeline(read("fonts.tar.br"), inflated(), extract(`${target}fonts`));
await pipeline(read("swiftshader.tar.br"), inflated(), extract(target)); // Chromium looks for them beside itself
// The package's own file names the folders of another machine.
writeFileSync(
  `${target}fonts.conf`,
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${target}fonts/fonts</dir>
  <cachedir>${target}font-cache</cachedir>
</fontconfig>
`,
);
writeFileSync(`${target}.unpacked`, "");
