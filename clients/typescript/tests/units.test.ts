// What the client does by itself, without an API: whose session is kept, and what a wallet is asked after an abort.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createSteadymint, type Hex, memorySession, type Session, SessionKeeper, type Steadymint, type Wallet } from "../src/index.ts";

const OLD = session("old");
const HASH: Hex = `0x${"ab".repeat(32)}`;

function session(accessToken: string): Session {
  return { accessToken, refreshToken: `refresh ${accessToken}`, expiresAt: "2000-01-01T00:00:00Z" } as Session;
}

/** A keeper whose renewal waits for `answer`, and the store that another tab writes to. */
async function renewing() {
  const answer = Promise.withResolvers<Session | undefined>();
  const asked = Promise.withResolvers<void>();
  const store = memorySession(OLD);
  const keeper = new SessionKeeper(store, () => {
    asked.resolve();
    return answer.promise;
  });
  const renewed = keeper.renewed(OLD);
  await asked.promise;
  return { keeper, store, renewed, answer };
}

for (const [what, next] of [["succeeds", session("renewed")], ["is refused", undefined]] as const) {
  test(`a sign-in while the tokens are renewed stays, when the renewal ${what}`, async () => {
    const { keeper, renewed, answer } = await renewing();
    const signedIn = keeper.set(session("signed in"));
    answer.resolve(next);
    await Promise.all([renewed, signedIn]);
    assert.equal((await keeper.current())?.accessToken, "signed in");
  });

  test(`a session that another tab writes meanwhile stays, when the renewal ${what}`, async () => {
    const { keeper, store, renewed, answer } = await renewing();
    store.save(session("of another tab"));
    answer.resolve(next);
    assert.equal((await renewed)?.accessToken, "of another tab");
    assert.equal((await keeper.current())?.accessToken, "of another tab");
  });
}

test("a sign-out while the tokens are renewed stays", async () => {
  const { keeper, renewed, answer } = await renewing();
  const signedOut = keeper.set(undefined);
  answer.resolve(session("renewed"));
  await Promise.all([renewed, signedOut]);
  assert.equal(await keeper.current(), undefined);
});

test("a renewal that fails holds up no later sign-in", async () => {
  const { keeper, renewed, answer } = await renewing();
  answer.reject(new TypeError("no network"));
  await assert.rejects(renewed, TypeError);
  await keeper.set(session("signed in"));
  assert.equal((await keeper.current())?.accessToken, "signed in");
});

/** A client with a session, of an API that answers by the end of the path. */
function clientOf(answers: Record<string, () => Response>) {
  const live = { ...OLD, expiresAt: "2999-01-01T00:00:00Z" };
  return createSteadymint({
    baseUrl: "http://api",
    session: memorySession(live),
    async fetch(request) {
      request.signal.throwIfAborted();
      const answer = answers[new URL(request.url).pathname.split("/").at(-1) ?? ""];
      return answer?.() ?? new Response(null, { status: 204 });
    },
  });
}

function problem(status: number): Response {
  return Response.json({ status, code: "unavailable", title: "", detail: "" }, { status, headers: { "retry-after": "0" } });
}

for (const status of [500, 403]) {
  test(`a sign-out that the API answers with ${status} is an error, and the session is forgotten`, async () => {
    const steadymint = clientOf({ logout: () => problem(status) });
    await assert.rejects(steadymint.signOut(), { name: "ProblemError", status });
    assert.equal(await steadymint.session.current(), undefined);
  });
}

test("a sign-out is repeated while the API is away, and is none's error if the session had ended", async () => {
  const answers = [problem(503), problem(401)];
  const steadymint = clientOf({ logout: () => answers.shift() ?? assert.fail(), refresh: () => problem(401) });
  await steadymint.signOut();
  assert.equal(answers.length, 0);
  assert.equal(await steadymint.session.current(), undefined);
});

/** A client of an API at which somebody else, or the same user, signs in before it answers the first request. */
function handedOver(status: number, userId: string) {
  const live = (token: string, userId: string) => ({ ...session(token), userId, expiresAt: "2999-01-01T00:00:00Z" });
  const store = memorySession(live("first", "one"));
  const asked: (string | null)[] = [];
  const steadymint = createSteadymint({
    baseUrl: "http://api",
    session: store,
    async fetch(request) {
      asked.push(request.headers.get("authorization"));
      if (asked.length > 1 && request.url.endsWith("/events")) return new Response(null, { status: 204 });
      if (asked.length > 1) return Response.json({ satisfied: true, status: "ready", detail: "" });
      store.save(live("next", userId));
      return problem(status);
    },
  });
  return { steadymint, asked };
}

for (const [status, name] of [[401, "ProblemError"], [503, "SessionChangedError"]] as const) {
  test(`what the API answers with ${status} is not repeated as somebody else who has signed in meanwhile`, async () => {
    const work = {
      mint: (steadymint: Steadymint) => steadymint.mint(walletOf(() => {}).wallet, {} as never).outcome(),
      follow: (steadymint: Steadymint) => steadymint.follow("1").outcome(),
    };
    for (const [what, done] of Object.entries(work)) {
      const other = handedOver(status, "two");
      await assert.rejects(done(other.steadymint), { name }, what);
      assert.deepEqual(other.asked, ["Bearer first"], what);
      const same = handedOver(status, "one");
      await done(same.steadymint);
      assert.deepEqual(same.asked.slice(0, 2), ["Bearer first", "Bearer next"], what);
    }
  });
}

test("a sign-out forgets the session of its own user only", async () => {
  for (const status of [401, 403, 503]) {
    for (const [userId, kept] of [["one", undefined], ["two", "two"]] as const) {
      const { steadymint } = handedOver(status, userId);
      await steadymint.signOut().catch(() => {});
      assert.equal((await steadymint.session.current())?.userId, kept, `${status} ${userId}`);
    }
  }
});

test("a request that carries no session is repeated, whoever has signed in meanwhile", async () => {
  const store = memorySession();
  const answers = {
    build: { approvals: [], orders: [{ order: {}, orderHash: HASH }], typedData: {} },
    orders: { order: {}, findings: [] },
  };
  const steadymint = createSteadymint({
    baseUrl: "http://api",
    session: store,
    async fetch(request) {
      const name = new URL(request.url).pathname.split("/").at(-1) as keyof typeof answers;
      const user = `somebody for whom ${name} is repeated`;
      if ((await store.load())?.userId === user) return Response.json(answers[name], { status: 201 });
      await store.save({ ...session("next"), userId: user });
      return problem(503);
    },
  });
  const outcome = await steadymint.placeOrders(walletOf(() => {}).wallet, [], { chainId: "eip155:2" }).outcome();
  assert.equal(outcome.status, "placed");
});

test("a refused request is repeated with new tokens, also where a middleware has made another request of it", async () => {
  const asked: (string | null)[] = [];
  const live = { ...OLD, userId: "one", expiresAt: "2999-01-01T00:00:00Z" };
  const steadymint = createSteadymint({
    baseUrl: "http://api",
    session: memorySession(live),
    async fetch(request) {
      if (request.url.endsWith("/refresh")) return Response.json({ ...live, accessToken: "renewed" });
      asked.push(request.headers.get("authorization"));
      return asked.length === 1 ? problem(401) : Response.json({});
    },
  });
  steadymint.api.use({ onRequest: ({ request }) => new Request(request, { headers: new Headers([...request.headers, ["x-mine", "1"]]) }) });
  const { response } = await steadymint.api.GET("/v1/me");
  assert.deepEqual([response.status, asked], [200, ["Bearer old", "Bearer renewed"]]);
});

test("who is cut off before the first change of orders goes on behind the id of the opening", async () => {
  const asked: (string | null)[] = [];
  const answers = ["id: 41\nretry: 2000\n\nid: 99", 'id: 41\nretry: 2000\n\nid: 42\ndata: {"seq": 42}\n\n'];
  const steadymint = createSteadymint({
    baseUrl: "http://api",
    async fetch(request) {
      asked.push(request.headers.get("last-event-id"));
      const text = answers.shift();
      return new Response(text ?? null, { status: text ? 200 : 204 });
    },
  });
  const seen: number[] = [];
  for await (const { seq } of steadymint.followOrders()) seen.push(seq);
  assert.deepEqual([seen, asked], [[42], [null, "41", "42"]]);
});

/** A wallet on another chain, whose calls are listed in `asked`. It runs `meanwhile` while it switches. */
function walletOf(meanwhile: () => void) {
  const asked: string[] = [];
  const says = <T>(name: string, answer: T) => async () => {
    asked.push(name);
    return answer;
  };
  const wallet: Wallet = {
    account: { address: "0x1" },
    getChainId: async () => 2,
    async switchChain() {
      asked.push("switchChain");
      meanwhile();
    },
    signMessage: says("signMessage", HASH),
    signTypedData: says("signTypedData", HASH),
    sendTransaction: says("sendTransaction", HASH),
  };
  return { wallet, asked };
}

const MINT = { kind: "mint", intentId: "1", status: "pending", txRequest: { chainId: "eip155:1", to: "0x1", data: "0x", value: "0" } };
const ANSWERS = {
  prepare: () => Response.json(MINT, { status: 201 }),
  build: () => Response.json({ approvals: [], orders: [], typedData: {} }),
};

for (const [when, before] of [["asking", "asking"], ["switching the chain", undefined]] as const) {
  test(`a wallet is not asked to send or to sign after an abort while ${when}`, async () => {
    const steadymint = clientOf(ANSWERS);
    for (const flow of ["mint", "orders"]) {
      const giveUp = new AbortController();
      const { wallet, asked } = walletOf(() => giveUp.abort());
      const options = { signal: giveUp.signal, chainId: "eip155:1" };
      const events = flow === "mint" ? steadymint.mint(wallet, {} as never, options) : steadymint.placeOrders(wallet, [], options);
      await assert.rejects(async () => {
        for await (const { type } of events) if (before && ["asking", "signing"].includes(type)) giveUp.abort();
      }, { name: "AbortError" });
      assert.deepEqual(asked, before ? [] : ["switchChain"], flow);
    }
  });
}
