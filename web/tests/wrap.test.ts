import { beforeEach, expect, it, vi } from "vitest";

vi.stubGlobal("window", { addEventListener: () => undefined });
const kept = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, text: string) => kept.set(key, text),
  removeItem: (key: string) => kept.delete(key),
});
const { wraps } = await import("../src/lib/wraps.ts");
const { wrapMissing } = await import("../src/trade/wrap.ts");

vi.useFakeTimers();
beforeEach(() => wraps.set([]));

const WRAPPING = {
  chainId: "eip155:31337",
  account: "0x0b",
  wrapper: "0x0a",
  wanted: 5n,
  title: "Wrap",
  href: "/",
} as const;
const HEARD = { asking: () => undefined, sent: () => undefined };
const KEPT = { chainId: "eip155:31337", account: "0x0b", hash: "0x01", title: "Wrap", href: "/" } as const;

/** A wallet whose balance and receipt are as `chain` says. Nothing is there before a transaction was sent. */
function wallet(chain: { balance: bigint; receipt: { status: string } | null }, sent = 0) {
  return {
    chain,
    sent: () => sent,
    request: async ({ method }: { method: string }) => {
      if (method === "eth_sendTransaction") sent += 1;
      if (method === "eth_getTransactionReceipt") return chain.receipt;
      return method === "eth_call" ? `0x${(sent > 0 ? chain.balance : 0n).toString(16)}` : "0x01";
    },
  };
}

it("ends when the balance is there, though its transaction was replaced and has no receipt", async () => {
  const fast = wallet({ balance: 5n, receipt: null });
  await wrapMissing(fast, WRAPPING, HEARD);
  expect(fast.sent()).toBe(1);
  expect(wraps.get()).toEqual([]);
});

it("says that it was reverted, and forgets it", async () => {
  const reverted = wallet({ balance: 0n, receipt: { status: "0x0" } });
  await expect(wrapMissing(reverted, WRAPPING, HEARD)).rejects.toThrow(/reverted/);
  expect(wraps.get()).toEqual([]);
});

it("does not wait for ever, and remembers what may still land", async () => {
  const stuck = wallet({ balance: 0n, receipt: null });
  const waiting = expect(wrapMissing(stuck, WRAPPING, HEARD)).rejects.toThrow(/not mined yet/);
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  await waiting;
  expect(wraps.get()).toMatchObject([KEPT]);
});

it("waits for what an earlier page has sent, and does not ask the wallet again", async () => {
  wraps.set([{ ...KEPT, sentAt: new Date().toISOString() }]);
  const pending = wallet({ balance: 0n, receipt: null }, 1);
  const waiting = wrapMissing(pending, WRAPPING, HEARD);
  await vi.advanceTimersByTimeAsync(3_000);
  pending.chain.balance = 5n;
  pending.chain.receipt = { status: "0x1" };
  await vi.advanceTimersByTimeAsync(2_000);
  await waiting;
  expect(pending.sent()).toBe(1);
  expect(wraps.get()).toEqual([]);
});

it("asks again for what the earlier one was short of, or did not bring", async () => {
  wraps.set([{ ...KEPT, sentAt: new Date().toISOString() }]);
  const failed = wallet({ balance: 5n, receipt: { status: "0x0" } });
  await expect(wrapMissing(failed, WRAPPING, HEARD)).rejects.toThrow(/reverted/);
  expect(failed.sent()).toBe(1);
});
