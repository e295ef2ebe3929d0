// What happens in the middle of a flow: cuts, the end of a token, a reload.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Session } from "../src/index.ts";
import { createSteadymint } from "../src/index.ts";
import { cuttingProxy } from "./cutting.ts";
import { api, newWallet, ORDER, origin, person, ticking } from "./stage.ts";

const ALL_STEPS = ["prepared", "tracked", "confirming", "indexed", "ready"];
const REFUSED = "ended.by.test";

/** The session with an access token that the API refuses. */
function withoutToken(session: Session): Session {
  return { ...session, accessToken: REFUSED };
}

/** A `fetch` that counts the requests to one path. */
function counting(path: string) {
  const counter = {
    count: 0,
    fetch(request: Request) {
      if (new URL(request.url).pathname === path) counter.count += 1;
      return fetch(request);
    },
  };
  return counter;
}

test("a stream that is cut in the middle of an event shows each step once and in order", async () => {
  const proxy = await cuttingProxy(api, 2);
  const { wallet, steadymint } = await person({ baseUrl: proxy.url });
  const seen: [number, string][] = [];
  await ticking(async () => {
    await steadymint.mint(wallet, ORDER).outcome((event) => {
      if (event.type === "status") seen.push([event.seq, event.intent.step]);
    });
  });
  proxy.close();
  assert.deepEqual(seen, ALL_STEPS.map((step, index) => [index + 1, step]));
  assert.ok(proxy.cuts >= 2, `${proxy.cuts} cuts`);
});

test("a token that ends while a flow is followed is renewed, and no step is missed", async () => {
  const refreshes = counting("/v1/auth/refresh");
  const proxy = await cuttingProxy(api, 2, async () => {
    const session = await steadymint.session.current();
    if (session && proxy.cuts === 1) await steadymint.session.set(withoutToken(session));
  });
  const { wallet, steadymint } = await person({ baseUrl: proxy.url, fetch: refreshes.fetch });
  const seen: number[] = [];
  const outcome = await ticking(() =>
    steadymint.mint(wallet, ORDER).outcome((event) => {
      if (event.type === "status") seen.push(event.seq);
    }),
  );
  proxy.close();
  assert.equal(outcome.status, "ready");
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  assert.equal(refreshes.count, 1);
});

test("requests that are refused together renew the tokens once", async () => {
  const refreshes = counting("/v1/auth/refresh");
  const { steadymint, wallet } = await person({ fetch: refreshes.fetch });
  const before = await steadymint.session.current();
  assert.ok(before);
  const told: (Session | undefined)[] = [];
  await steadymint.session.set(withoutToken(before));
  steadymint.session.subscribe((session) => told.push(session));
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => steadymint.api.GET("/v1/me")));
  assert.deepEqual(answers.map(({ data }) => data?.wallets[0]?.address), Array(6).fill(wallet.account?.address));
  assert.equal(refreshes.count, 1);
  assert.equal(told.length, 1);
  assert.notEqual(told[0]?.refreshToken, before.refreshToken);
});

test("a token that is about to end is renewed before it is used", async () => {
  const refreshes = counting("/v1/auth/refresh");
  const { steadymint } = await person({ fetch: refreshes.fetch });
  const session = await steadymint.session.current();
  assert.ok(session);
  await steadymint.session.set({ ...withoutToken(session), expiresAt: new Date(Date.now() + 5_000).toISOString() });
  const { response } = await steadymint.api.GET("/v1/me");
  assert.deepEqual([response.status, refreshes.count], [200, 1]);
});

test("a session that has ended is forgotten, and the request is unauthorized", async () => {
  const { steadymint } = await person();
  const session = await steadymint.session.current();
  assert.ok(session);
  await steadymint.signOut();
  assert.equal(await steadymint.session.current(), undefined);
  await steadymint.session.set(session);
  const { error } = await steadymint.api.GET("/v1/me");
  assert.equal(error?.code, "unauthorized");
  assert.equal(await steadymint.session.current(), undefined);
});

test("a page that was reloaded goes on by the intent's id, behind the step that it has seen", async () => {
  const { wallet, steadymint } = await person();
  let intentId = "";
  for await (const event of steadymint.mint(wallet, ORDER)) {
    if (event.type !== "status") continue;
    intentId = event.intentId;
    if (event.seq === 2) break;
  }
  const again = createSteadymint({ baseUrl: api });
  await again.session.set(await steadymint.session.current());
  const seen: number[] = [];
  const outcome = await ticking(() => again.follow(intentId, { after: 2 }).outcome(({ seq }) => seen.push(seq)));
  assert.deepEqual([outcome.status, seen], ["ready", [3, 4, 5]]);
  assert.equal((await again.follow(intentId, { after: 5 }).outcome()).intent.step, "ready");
});

test("the same call with the same key goes on where it was, and asks the wallet for nothing again", async () => {
  const { wallet, steadymint } = await person();
  const options = { idempotencyKey: crypto.randomUUID() };
  for await (const event of steadymint.mint(wallet, ORDER, options)) {
    if (event.type === "status" && event.intent.step === "tracked") break;
  }
  const types: string[] = [];
  const outcome = await ticking(() => steadymint.mint(wallet, ORDER, options).outcome(({ type }) => types.push(type)));
  assert.equal(outcome.status, "ready");
  assert.deepEqual(types, ["prepared", "status", "status", "status", "status", "status"]);
});

test("an aborted flow ends at once with the reason of its signal", async () => {
  const { wallet, steadymint } = await person();
  const abort = new AbortController();
  const reason = new Error("the page has gone");
  const flow = steadymint.mint(wallet, ORDER, { signal: abort.signal }).outcome((event) => {
    if (event.type === "status" && event.intent.step === "tracked") abort.abort(reason);
  });
  await assert.rejects(flow, reason);
});

test("a wallet without checksums in its address signs in", async () => {
  const wallet = await newWallet();
  const address = wallet.account.address.toLowerCase() as `0x${string}`;
  const steadymint = createSteadymint({ baseUrl: api, origin });
  const lower = {
    account: { address },
    getChainId: () => wallet.getChainId(),
    switchChain: () => assert.fail("it is on the right chain"),
    signMessage: ({ message }: { message: string }) => wallet.signMessage({ message }),
    signTypedData: () => assert.fail("nothing is to be signed"),
    sendTransaction: () => assert.fail("nothing is to be sent"),
  };
  assert.equal((await steadymint.signIn(lower)).address, wallet.account.address);
});
