// Runs a program against a development chain that holds the account's key:
//   node run.mjs (openapi-fetch|hey-api) '{"api": ..., "rpc": ..., "origin": ..., "chainId": ..., "account": ...}'
// Prints the intent of the mint.

import { ProvidedWallet, nodeAt } from "./src/wallet.ts";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const [program, given] = process.argv.slice(2);
const options = JSON.parse(given);
const { mintSomething } = await import(`./src/with-${program}.ts`);
const picture = new Blob([Uint8Array.from(atob(PIXEL), (letter) => letter.charCodeAt(0))], { type: "image/png" });
const wallet = new ProvidedWallet(nodeAt(options.rpc), options.account);
console.log(JSON.stringify(await mintSomething(options.api, options, wallet, picture)));
