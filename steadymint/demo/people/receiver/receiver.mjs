// A receiver of webhooks that uses the library of Standard Webhooks, and nothing of Steadymint.
//
// Reads requests from standard input, a line of JSON each, and answers each with one: {id, do, ...} -> {id, answer} or
// {id, error}. The first request is {id, do: "open", port, secret}.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

/** What was taken, in the order in which it came, with what came twice. */
const taken = [];
/** What had no signature of the secret's. */
let refused = 0;
/** The last message that was taken, as it came. */
let last;
let url;

/** 204 for a message whose signature is right, 401 for any other. */
const answerTo = (webhook, headers, body) => {
  try {
    const { id, type, sequence, data } = webhook.verify(body, headers);
    taken.push({ id, header: headers["webhook-id"], type, sequence, data });
    last = { headers, body };
    return 204;
  } catch {
    refused += 1;
    return 401;
  }
};

const deeds = {
  open: ({ port, secret }) => {
    const webhook = new Webhook(secret);
    url = `http://127.0.0.1:${port}/`;
    const server = createServer(async (request, response) => {
      const pieces = [];
      for await (const piece of request) pieces.push(piece);
      response.writeHead(answerTo(webhook, request.headers, Buffer.concat(pieces).toString())).end();
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", () => resolve(port));
    });
  },
  /** The status that the last message gets if somebody changes a byte of it on the way. */
  forge: async () => {
    const signed = Object.entries(last.headers).filter(([name]) => name.startsWith("webhook-"));
    const sent = { method: "POST", headers: Object.fromEntries(signed), body: last.body.replace('"', "'") };
    return (await fetch(url, sent)).status;
  },
  shown: () => ({ taken, refused }),
};

const answer = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: deed, ...request } = JSON.parse(line);
  try {
    answer({ id, answer: await deeds[deed](request) });
  } catch (error) {
    answer({ id, error: error.message });
  }
}
process.exit(0);
