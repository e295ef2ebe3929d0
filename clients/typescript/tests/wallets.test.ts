// What wallets do: they refuse, replace, speed up, and lose their answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createWalletClient, custom, parseGwei, type WalletClient } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

import { type Call, createSteadymint, type Hex, providerWallet, type StatusEvent, type Wallet } from "../src/index.ts";
import { api, chainId, newWallet, ORDER, origin, type Person, person, rpc, ticking } from "./stage.ts";

/** The wallet with another way of sending. */
function sending(wallet: Wallet, sendTransaction: (call: Call) => Promise<Hex>): Wallet {
  return Object.assign(Object.create(wallet), { sendTransaction });
}

/**
 * A mint whose wallet replaces the transaction under the same nonce, once the API knows it and before a block is made.
 * The outcome, the hash that the wallet had given, and what was told.
 */
async function replaced({ wallet, steadymint }: Person, by: Partial<Call> = {}) {
  let replace = async (): Promise<unknown> => assert.fail("nothing was sent");
  const replacing = sending(wallet, async (call) => {
    const nonce = Number(await rpc<Hex>("eth_getTransactionCount", wallet.account?.address, "pending"));
    const paying = (gwei: string) => ({ nonce, maxFeePerGas: parseGwei(`${gwei}0`), maxPriorityFeePerGas: parseGwei(gwei) });
    replace = () => wallet.sendTransaction({ ...call, ...by, ...paying("5") });
    return await wallet.sendTransaction({ ...call, ...paying("1") });
  });
  const told: StatusEvent[] = [];
  let sent: Hex | undefined;
  const blocks = Promise.withResolvers<void>();
  for await (const event of steadymint.mint(replacing, ORDER)) {
    if (event.type === "sent") sent = event.txHash;
    if (event.type === "done") {
      blocks.resolve();
      return { outcome: event.outcome, sent, told };
    }
    if (event.type !== "status") continue;
    told.push(event);
    if (event.seq === 2) {
      await replace();
      void ticking(() => blocks.promise);
    }
  }
  return assert.fail("the flow had no end");
}

/** A provider with a key of its own, whose user says no to every transaction. */
function refusingProvider() {
  const account = privateKeyToAccount(generatePrivateKey());
  const provider = {
    async request({ method, params }: { method: string; params?: any }): Promise<any> {
      if (method === "eth_chainId") return await rpc("eth_chainId");
      if (method === "personal_sign") return await account.signMessage({ message: { raw: params[0] } });
      throw Object.assign(new Error(`User rejected ${method}`), { code: 4001 });
    },
  };
  return { provider, address: account.address };
}

async function refusedBy(wallet: Wallet): Promise<void> {
  const steadymint = createSteadymint({ baseUrl: api, origin });
  await steadymint.signIn(wallet);
  const types: string[] = [];
  const outcome = await steadymint.mint(wallet, ORDER).outcome(({ type }) => types.push(type));
  assert.ok(outcome.status === "refused", outcome.status);
  assert.deepEqual([outcome.kind, outcome.error.name, types], ["mint", "WalletRefusedError", ["prepared", "asking"]]);
  const { intent } = await read(steadymint, outcome.intentId);
  assert.equal(intent.step, "prepared");
}

async function read(steadymint: ReturnType<typeof createSteadymint>, intentId = "") {
  const { data } = await steadymint.api.GET("/v1/intents/{intentId}", { params: { path: { intentId } } });
  assert.ok(data);
  return { intent: data };
}

test("a user who says no to a provider is an outcome, and the intent stays open", async () => {
  const { provider, address } = refusingProvider();
  await refusedBy(providerWallet(provider, address));
});

test("a user who says no to viem's wallet client is the same outcome", async () => {
  const { provider, address } = refusingProvider();
  const wallet: WalletClient = createWalletClient({ account: address, transport: custom(provider) });
  await refusedBy(wallet);
});

test("a user who says no to signing in is told apart from other failures of a wallet", async () => {
  const steadymint = createSteadymint({ baseUrl: api, origin });
  const wallet = await newWallet();
  const no = Object.assign(Object.create(wallet), { signMessage: () => Promise.reject({ code: 4001 }) });
  await assert.rejects(steadymint.signIn(no), { name: "WalletRefusedError" });
  const broken = Object.assign(Object.create(wallet), { signMessage: () => Promise.reject(new Error("no battery")) });
  await assert.rejects(steadymint.signIn(broken), { message: "no battery" });
});

test("a transaction that the wallet speeds up is followed under its new hash", async () => {
  const { outcome, sent, told } = await replaced(await person());
  assert.ok(outcome.status === "ready", outcome.status);
  const spedUp = told.find(({ spedUpFrom }) => spedUpFrom);
  assert.equal(spedUp?.spedUpFrom, sent);
  assert.notEqual(outcome.intent.txHash, sent);
  assert.equal(outcome.intent.txHash, spedUp?.intent.txHash);
});

test("a transaction whose nonce the wallet gives to another call fails the flow as replaced", async () => {
  const somebody = await person();
  const to = somebody.wallet.account?.address ?? assert.fail();
  const { outcome } = await replaced(somebody, { to, data: "0x", value: 1n });
  assert.ok(outcome.status === "failed", outcome.status);
  assert.deepEqual([outcome.intent.step, outcome.intent.error?.code], ["replaced", "replaced"]);
});

test("a transaction that was sent is followed even if the wallet never answers", async () => {
  const { wallet, steadymint } = await person();
  const silent = sending(wallet, async (call) => {
    await wallet.sendTransaction(call);
    return await new Promise<Hex>(() => {});
  });
  const types: string[] = [];
  const outcome = await ticking(() => steadymint.mint(silent, ORDER).outcome(({ type }) => types.push(type)));
  assert.equal(outcome.status, "ready");
  assert.ok(!types.includes("sent"));
});

test("a wallet on another chain is switched before it is asked", async () => {
  const { wallet, steadymint } = await person();
  let current = 1;
  const elsewhere: Wallet = Object.assign(Object.create(wallet), {
    getChainId: async () => current,
    switchChain: async ({ id }: { id: number }) => {
      current = id;
    },
    sendTransaction: (call: Call) => {
      assert.equal(`eip155:${current}`, chainId);
      return wallet.sendTransaction(call);
    },
  });
  const outcome = await ticking(() => steadymint.mint(elsewhere, ORDER).outcome());
  assert.equal(outcome.status, "ready");
});
