// Runs the specification's operations by one client, against a development chain that holds the account's key:
//   node run.mjs (graphql-ws|urql|apollo) '{"api", "rpc", "origin", "chainId", "account", "standard"}'
// Prints the status with which the mint ended.

import { mintSomething } from "./src/story.mjs";

const [name, given] = process.argv.slice(2);
const options = JSON.parse(given);
const { connect } = await import(`./src/with-${name}.mjs`);

async function node(method, ...params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(options.rpc, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await answer.json();
  if (error) throw new Error(error.message);
  return result;
}

const wallet = {
  address: options.account,
  sign: (message) => node("personal_sign", `0x${Buffer.from(message).toString("hex")}`, options.account),
  send: ({ to, data, value }) =>
    node("eth_sendTransaction", { from: options.account, to, data, value: `0x${BigInt(value).toString(16)}` }),
};
try {
  const status = await mintSomething((token) => connect(options.api, token), options, wallet, options.standard);
  console.log(JSON.stringify(status));
  process.exit(0);
} catch (error) {
  console.error(error.error ?? error.reason ?? error); // what a WebSocket fails with is an event
  process.exit(1);
}
