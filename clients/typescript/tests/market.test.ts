// All that a user does on chain, as one story of two people: from an upload to a launched token.

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Flow, type Hex, type Intent, type Order, ProblemError, read } from "../src/index.ts";
import { chainId, type Person, person, ticking, wrapped } from "./stage.ts";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** The intent at the end of a flow that must come to its end, and the types of the events on the way, each once. */
async function ready<E extends { type: string }>(
  flow: Flow<E, { status: string; intent?: Intent }>,
): Promise<{ intent: Intent; types: string }> {
  const types = new Set<string>();
  const { status, intent } = await flow.outcome(({ type }) => types.add(type));
  assert.ok(status === "ready" && intent, status);
  return { intent, types: [...types].join(" ") };
}

/** The only order at the end of a flow that must place one, active. */
async function placed(flow: Flow<{ type: string }, { status: string; orders?: { order?: Order }[] }>): Promise<Order> {
  const { status, orders } = await flow.outcome();
  const order = orders?.[0]?.order;
  assert.ok(status === "placed" && order, status);
  assert.equal(order.status, "active");
  return order;
}

async function wrap({ wallet }: Person, value: bigint): Promise<void> {
  await wallet.sendTransaction({ account: wallet.account, chain: null, to: wrapped, data: "0xd0e30db0", value });
}

test("two people make a collection, trade, cancel, and launch a token by the client alone", async () => {
  const [alice, bob] = [await person(), await person()];
  const progress: number[] = [];
  const file = new Blob([Buffer.from(PIXEL, "base64")], { type: "image/png" });
  const media = await alice.steadymint.upload(file, { onProgress: (loaded, total) => progress.push(loaded / total) });
  assert.deepEqual([media.mime, progress.at(-1)], ["image/png", 1]);

  await ticking(async () => {
    const terms = { chainId, standard: "erc721", name: "Lamps", symbol: "LAMP", imageMediaId: media.mediaId } as const;
    const made = await ready(alice.steadymint.createCollection(alice.wallet, terms));
    assert.equal(made.types, "prepared asking sent status");
    const contract = made.intent.contract;
    assert.ok(contract);
    const mint = { chainId, contract, standard: "erc721", quantity: "3" } as const;
    assert.deepEqual((await ready(alice.steadymint.mint(alice.wallet, mint))).intent.tokenIds, ["1", "2", "3"]);

    // A listing behind the approval that it needs, and its purchase.
    const listing = await placed(alice.steadymint.listItem(alice.wallet, { contract, tokenId: "1", price: "0.5" }));
    const items = [{ orderHash: listing.orderHash }];
    const cheap = bob.steadymint.purchase(bob.wallet, { chainId, items, maxTotal: "0.4" }).outcome();
    await assert.rejects(cheap, (error) => error instanceof ProblemError && error.code === "price_moved");
    const bought = await ready(bob.steadymint.purchase(bob.wallet, { chainId, items, maxTotal: "0.5" }));
    assert.deepEqual(bought.intent.fills?.map(({ tokenId }) => tokenId), ["1"]);

    // An offer in the wrapped currency, and its sale: the seller approves the fee's currency first.
    await wrap(bob, 10n ** 18n);
    const offer = await placed(bob.steadymint.makeOffer(bob.wallet, { contract, price: "0.25" }));
    const positions: string[] = [];
    const sold = await alice.steadymint
      .sale(alice.wallet, { chainId, orderHash: offer.orderHash, tokenId: "2" })
      .outcome((event) => {
        if (event.type === "asking") positions.push(`${event.kind} ${event.position}/${event.of}`);
      });
    assert.ok(sold.status === "ready");
    assert.equal(sold.intent.fills?.[0]?.tokenId, "2");
    assert.equal(positions.at(-1)?.split(" ")[0], "sale");

    // A listing in the wrapped currency: the purchase comes behind an approval, in one flow.
    const [third] = await many(alice, contract);
    assert.ok(third);
    const steps: string[] = [];
    await bob.steadymint
      .purchase(bob.wallet, { chainId, items: [{ orderHash: third }], maxTotal: "0.3" })
      .outcome((event) => event.type === "sent" && steps.push(event.kind));
    assert.deepEqual(steps, ["approve", "purchase"]);

    const doomed = await placed(bob.steadymint.listItem(bob.wallet, { contract, tokenId: "1", price: "9" }));
    const { intent } = await ready(bob.steadymint.cancel(bob.wallet, { chainId, orderHashes: [doomed.orderHash] }));
    assert.deepEqual(intent.orderHashes, [doomed.orderHash]);

    const revoke = { chainId, kind: "set_approval_for_all", contract, approved: false } as const;
    await ready(bob.steadymint.approve(bob.wallet, revoke));
    const again = await bob.steadymint.approve(bob.wallet, revoke).outcome();
    assert.equal(again.status, "satisfied");

    const coin = { chainId, name: "Harbour Coin", symbol: "HARB", supply: (10n ** 18n).toString() };
    assert.ok((await ready(bob.steadymint.launchToken(bob.wallet, coin))).intent.contract);

    const path = { chainId, contract };
    const params = { path, query: { limit: 1 } };
    const owners: unknown[] = [];
    for await (const token of alice.steadymint.items("/v1/collections/{chainId}/{contract}/tokens", { params })) {
      owners.push(token.owner ?? "");
    }
    assert.deepEqual(owners, Array(3).fill(bob.wallet.account?.address));
    const shown = await read(alice.steadymint.api.GET("/v1/collections/{chainId}/{contract}", { params: { path } }));
    assert.equal(shown.name, "Lamps");
  });
});

/** Two orders under one signature: their hashes. */
async function many({ steadymint, wallet }: Person, contract: string): Promise<Hex[]> {
  const wish = { kind: "list", contract, tokenId: "3", currency: wrapped } as const;
  const outcome = await steadymint.placeOrders(wallet, [{ ...wish, price: "0.3" }, { ...wish, price: "0.2" }]).outcome();
  assert.ok(outcome.status === "placed");
  return outcome.orders.map(({ orderHash }) => orderHash);
}

test("changes of orders are told from the moment on at which somebody listens", async () => {
  const { wallet, steadymint } = await person();
  const abort = new AbortController();
  await ticking(async () => {
    const terms = { chainId, standard: "erc721", name: "Buoys", symbol: "BUOY" } as const;
    const contract = (await ready(steadymint.createCollection(wallet, terms))).intent.contract;
    assert.ok(contract);
    await ready(steadymint.mint(wallet, { chainId, contract, standard: "erc721" }));
    const heard = (async () => {
      for await (const event of steadymint.followOrders({ chainId, contract, signal: abort.signal })) return event;
      return undefined;
    })();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const listing = await placed(steadymint.listItem(wallet, { contract, tokenId: "1", price: "0.5" }));
    assert.equal((await heard)?.orderHash, listing.orderHash);
  });
});

test("a wrong input names its fields, with the code of a problem", async () => {
  const { wallet, steadymint } = await person();
  const wrong = { chainId, standard: "erc721", name: "", symbol: "X" } as const;
  await assert.rejects(steadymint.createCollection(wallet, wrong).outcome(), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.code, error.status, error.fields[0]?.field], ["invalid_input", 422, "name"]);
    assert.ok(error.requestId);
    return true;
  });
});
