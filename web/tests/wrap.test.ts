import { expect, it, vi } from "vitest";

import { wrapMissing } from "../src/trade/wrap.ts";

vi.useFakeTimers();

/** A wallet whose balance and receipt are as given after the transaction was sent. */
function wallet(after: { balance: bigint; receipt: { status: string } | null }) {
  let sent = 0;
  return {
    sent: () => sent,
    request: async ({ method }: { method: string }) => {
      if (method === "eth_sendTransaction") sent += 1;
      if (method === "eth_getTransactionReceipt") return after.receipt;
      return method === "eth_call" ? `0x${(sent > 0 ? after.balance : 0n).toString(16)}` : "0x01";
    },
  };
}

it("ends when the balance is there, though its transaction was replaced and has no receipt", async () => {
  const fast = wallet({ balance: 5n, receipt: null });
  await wrapMissing(fast, "0x0a", "0x0b", 5n, () => undefined);
  expect(fast.sent()).toBe(1);
});

it("says that it was reverted", async () => {
  const reverted = wallet({ balance: 0n, receipt: { status: "0x0" } });
  await expect(wrapMissing(reverted, "0x0a", "0x0b", 5n, () => undefined)).rejects.toThrow(/reverted/);
});

it("does not wait for ever", async () => {
  const stuck = wallet({ balance: 0n, receipt: null });
  const waiting = expect(wrapMissing(stuck, "0x0a", "0x0b", 5n, () => undefined)).rejects.toThrow(/not mined yet/);
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  await waiting;
});
