import { describe, expect, it } from "vitest";

import { fromWei, hasThousandsComma, shortAmount, sum, toWei, typedAmount } from "../src/lib/amounts.ts";

describe("amounts", () => {
  it("are shortened without being rounded up, and never to nothing", () => {
    expect(shortAmount("1234567.123456")).toBe("1,234,567.1234");
    expect(shortAmount("1.50")).toBe("1.5");
    expect(shortAmount("0.99999")).toBe("0.9999");
    expect(shortAmount("0.00000001")).toBe("<0.0001");
    expect(shortAmount("0")).toBe("0");
  });

  it("go to wei and back exactly, at any size", () => {
    const largest = (2n ** 256n - 1n).toString();
    for (const amount of ["0", "0.000000000000000001", "1.5", "123456789012345678901234567890.1", largest]) {
      const wei = toWei(amount);
      expect(wei).toBeDefined();
      expect(fromWei(wei ?? 0n)).toBe(amount);
    }
  });

  it("are refused where they are none", () => {
    for (const text of ["", "-1", "1e3", "0x10", "1.2.3", "1.0000000000000000001", "١"])
      expect(toWei(text)).toBeUndefined();
    expect(sum(["1", "x"])).toBeUndefined();
  });

  it("are summed without error of floating points", () => {
    expect(sum(["0.1", "0.2"])).toBe("0.3");
  });

  it("are understood as people type them", () => {
    expect(typedAmount(" .5 ")).toBe("0.5");
    expect(typedAmount("1,25")).toBe("1.25");
    expect(typedAmount("2.")).toBe("2");
    expect(typedAmount("1,000.5")).toBeUndefined();
  });

  it("are not guessed at where a comma may stand for thousands", () => {
    for (const text of ["100,000", "1,000,000", "0,1,2", "1,000.5"]) {
      expect(hasThousandsComma(text)).toBe(true);
      expect(typedAmount(text)).toBeUndefined();
    }
    expect(typedAmount("1,2500")).toBe("1.25");
  });
});
