// Runs the code of the README as a page would, on the stack of the environment.

import { readFile, rm, writeFile } from "node:fs/promises";

const { api, rpc, origin, account } = JSON.parse(process.env.STAGE);
const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const [, code] = /```ts\n(.*?)```/s.exec(readme);
// Between two runs of the same name the process differs.
const program = new URL(`.readme-${process.pid}.ts`, import.meta.url);

const kept = new Map();
globalThis.localStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
globalThis.location = new URL(origin);
globalThis.window = {
  ethereum: {
    async request({ method, params = [] }) {
      if (method === "eth_requestAccounts") return [account];
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const answer = await fetch(rpc, { method: "POST", headers: { "content-type": "application/json" }, body });
      const { result, error } = await answer.json();
      if (error) throw Object.assign(new Error(error.message), error);
      return result;
    },
  },
};

try {
  await writeFile(program, code.replace("http://127.0.0.1:8080", api));
  await import(program);
} finally {
  await rm(program, { force: true });
}
