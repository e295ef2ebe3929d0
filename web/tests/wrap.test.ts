import { beforeEach, expect, it, vi } from "vitest";

vi.stubGlobal("window", { addEventListener: () => undefined });
const kept = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, text: string) => kept.set(key, text),
  removeItem: (key: string) => kept.delete(key),
});
const { wraps } = await import("../src/lib/wraps.ts");
const { followWrap, wrapMissing } = await import("../src/trade/wrap.ts");
vi.mock("../src/wallet/wallet.ts", () => ({ chosenProvider: async () => followed }));
let followed: ReturnType<typeof wallet>;

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
const KEPT = {
  chainId: "eip155:31337",
  account: "0x0b",
  hash: "0x01",
  nonce: "0x7",
  title: "Wrap",
  href: "/",
} as const;
const earlier = () => ({ ...KEPT, sentAt: new Date().toISOString() });

interface Chain {
  balance: bigint;
  receipt?: { status: string } | null;
  /** Transactions of the account that are mined. */
  count?: number;
  /** Whether the node still knows the transaction. */
  known?: boolean;
  chainId?: string;
}

/** A wallet on the chain as it says. `lands` changes the chain once the wallet has sent what it was asked to. */
function wallet(chain: Chain, lands: Partial<Chain> = {}) {
  const sent: Record<string, string>[] = [];
  const asked: string[] = [];
  return {
    chain,
    sent,
    asked,
    async request({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> {
      asked.push(method);
      const { balance, receipt = null, count = 7, known = true, chainId = "0x7a69" } = chain;
      switch (method) {
        case "eth_chainId":
          return chainId;
        case "eth_sendTransaction":
          sent.push(params[0] as Record<string, string>);
          Object.assign(chain, lands);
          return KEPT.hash;
        case "eth_getTransactionReceipt":
          return params[0] === KEPT.hash ? receipt : null;
        case "eth_getTransactionByHash":
          return known && params[0] === KEPT.hash ? { nonce: KEPT.nonce } : null;
        case "eth_getTransactionCount":
          expect(params[0]).toBe(KEPT.account);
          return `0x${count.toString(16)}`;
        case "eth_call":
          expect(params[0]).toEqual({ to: "0x0a", data: `0x70a08231${"0b".padStart(64, "0")}` });
          return `0x${balance.toString(16)}`;
        default:
          throw new Error(method);
      }
    },
  };
}

it("asks for what is missing and no more, on the chain that is meant", async () => {
  const short = wallet({ balance: 2n }, { balance: 5n, receipt: { status: "0x1" } });
  await wrapMissing(short, WRAPPING, HEARD);
  expect(short.sent).toEqual([{ from: "0x0b", to: "0x0a", data: "0xd0e30db0", value: "0x3", chainId: "0x7a69" }]);
  expect(wraps.get()).toEqual([]);
});

it("asks for nothing where enough is there", async () => {
  const rich = wallet({ balance: 6n });
  await wrapMissing(rich, WRAPPING, HEARD);
  expect(rich.sent).toEqual([]);
});

it("ends when the balance is there, though its transaction was replaced and has no receipt", async () => {
  const fast = wallet({ balance: 0n }, { balance: 5n, count: 8, known: false });
  await wrapMissing(fast, WRAPPING, HEARD);
  expect(fast.sent).toHaveLength(1);
  expect(wraps.get()).toEqual([]);
});

it("says that it was reverted, and forgets it", async () => {
  const reverted = wallet({ balance: 0n }, { receipt: { status: "0x0" } });
  await expect(wrapMissing(reverted, WRAPPING, HEARD)).rejects.toThrow(/reverted/);
  expect(wraps.get()).toEqual([]);
});

it("says that it was cancelled in the wallet, and forgets it", async () => {
  const cancelled = wallet({ balance: 0n }, { count: 8, known: false });
  await expect(wrapMissing(cancelled, WRAPPING, HEARD)).rejects.toThrow(/cancelled or replaced/);
  expect(wraps.get()).toEqual([]);
});

it("does not wait for ever, and remembers what may still land", async () => {
  const stuck = wallet({ balance: 0n, known: false });
  const waiting = expect(wrapMissing(stuck, WRAPPING, HEARD)).rejects.toThrow(/not mined yet/);
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  await waiting;
  expect(wraps.get()).toMatchObject([KEPT]);
  await vi.advanceTimersByTimeAsync(24 * 60 * 60_000);
  const again = expect(wrapMissing(stuck, WRAPPING, HEARD)).rejects.toThrow(/not mined yet/);
  await vi.advanceTimersByTimeAsync(2_000);
  await again;
  expect(stuck.sent).toHaveLength(1);
});

it("keeps the number that the transaction has, also if the wallet has sent others before it", async () => {
  const behind = wallet({ balance: 0n, count: 5 });
  const waiting = expect(wrapMissing(behind, WRAPPING, HEARD)).rejects.toThrow(/not mined yet/);
  await vi.advanceTimersByTimeAsync(10_000);
  Object.assign(behind.chain, { count: 7, known: false });
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  await waiting;
  expect(wraps.get()).toMatchObject([KEPT]);
});

it("sends nothing on another chain", async () => {
  wraps.set([earlier()]);
  const moved = wallet({ balance: 0n });
  const waiting = expect(wrapMissing(moved, WRAPPING, HEARD)).rejects.toThrow(/not mined yet/);
  await vi.advanceTimersByTimeAsync(2_000);
  Object.assign(moved.chain, { chainId: "0x1", count: 99, known: false });
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  await waiting;
  expect(moved.sent).toEqual([]);
  expect(wraps.get()).toMatchObject([KEPT]);
});

it("remembers what may still land, though enough has come from elsewhere", async () => {
  const given = wallet({ balance: 0n }, { balance: 5n });
  await wrapMissing(given, WRAPPING, HEARD);
  expect(wraps.get()).toMatchObject([KEPT]);
});

it("stops waiting with its dialog, and remembers what was sent", async () => {
  const leaving = new AbortController();
  const slow = wallet({ balance: 0n });
  const waiting = expect(wrapMissing(slow, WRAPPING, { ...HEARD, signal: leaving.signal })).rejects.toThrow(/abort/i);
  await vi.advanceTimersByTimeAsync(2_000);
  leaving.abort();
  await waiting;
  expect(wraps.get()).toMatchObject([KEPT]);
});

it("follows what an earlier page has sent for as long as it may land, whoever does not answer meanwhile", async () => {
  const wrap = earlier();
  wraps.set([wrap]);
  followed = wallet({ balance: 0n, chainId: "0x1", count: 99, known: false });
  const following = followWrap(wrap, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(24 * 60 * 60_000);
  expect(new Set(followed.asked)).toEqual(new Set(["eth_chainId"]));
  expect(wraps.get()).toEqual([wrap]);
  Object.assign(followed.chain, { chainId: "0x7a69", count: 7 });
  const answers = followed;
  followed = undefined as never;
  await vi.advanceTimersByTimeAsync(60_000);
  followed = answers;
  Object.assign(followed.chain, { receipt: { status: "0x1" } });
  await vi.advanceTimersByTimeAsync(60_000);
  await following;
  expect(wraps.get()).toEqual([]);
});

it("waits for what an earlier page has sent, and does not ask the wallet again", async () => {
  wraps.set([earlier()]);
  const pending = wallet({ balance: 0n });
  const waiting = wrapMissing(pending, WRAPPING, HEARD);
  await vi.advanceTimersByTimeAsync(3_000);
  pending.chain.balance = 5n;
  pending.chain.receipt = { status: "0x1" };
  await vi.advanceTimersByTimeAsync(2_000);
  await waiting;
  expect(pending.sent).toEqual([]);
  expect(wraps.get()).toEqual([]);
});

it("asks again for what the earlier one was short of, or did not bring", async () => {
  wraps.set([earlier()]);
  const failed = wallet({ balance: 2n, receipt: { status: "0x0" } });
  await expect(wrapMissing(failed, WRAPPING, HEARD)).rejects.toThrow(/reverted/);
  expect(failed.sent).toMatchObject([{ value: "0x3" }]);
});
