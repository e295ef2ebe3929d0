// Amounts are decimal strings, in whole units, of any size and precision. They never become floating point numbers.

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/** `1234.50` -> `1,234.5`; more than `digits` after the point are cut off, and what is too small for them is `<0.0001`. */
export function shortAmount(amount: string, digits = 4): string {
  const match = DECIMAL.exec(amount);
  if (match === null) return amount;
  const whole = (match[1] ?? "0").replace(/^0+(?=\d)/, "");
  const fraction = (match[2] ?? "").slice(0, digits).replace(/0+$/, "");
  if (whole === "0" && fraction === "" && /[1-9]/.test(match[2] ?? "")) return `<0.${"0".repeat(digits - 1)}1`;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === "" ? grouped : `${grouped}.${fraction}`;
}

/** `1.5` -> 1500000000000000000n. Undefined for what is no amount of a currency with so many decimals. */
export function toWei(amount: string, decimals = 18): bigint | undefined {
  const match = DECIMAL.exec(amount);
  const fraction = match?.[2] ?? "";
  if (match === null || fraction.length > decimals) return undefined;
  return BigInt((match[1] ?? "0") + fraction.padEnd(decimals, "0"));
}

/** 1500000000000000000n -> `1.5`. */
export function fromWei(wei: bigint, decimals = 18): string {
  const digits = wei.toString().padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const fraction = digits.slice(cut).replace(/0+$/, "");
  return fraction === "" ? digits.slice(0, cut) : `${digits.slice(0, cut)}.${fraction}`;
}

/** The exact sum, or undefined if one is no amount. */
export function sum(amounts: readonly string[]): string | undefined {
  let total = 0n;
  for (const amount of amounts) {
    const wei = toWei(amount);
    if (wei === undefined) return undefined;
    total += wei;
  }
  return fromWei(total);
}

/** `0.1` and 3 -> `0.3`; undefined if the first is no amount. */
export function times(amount: string, units: bigint): string | undefined {
  const wei = toWei(amount);
  return wei === undefined ? undefined : fromWei(wei * units);
}

const WHOLE = /^[1-9]\d{0,77}$/;

/** What somebody typed as a number of units: spaces around it forgiven. Undefined if it is none, or less than one. */
export function typedUnits(text: string): bigint | undefined {
  const plain = text.trim();
  return WHOLE.test(plain) ? BigInt(plain) : undefined;
}

/** Whether a comma may stand for thousands, as in `100,000`: it is not guessed at, since a factor of 1000 hangs on it. */
export function hasThousandsComma(text: string): boolean {
  return /,\d{3}(?!\d)/.test(text) || /,.*,/.test(text);
}

/**
 * What somebody typed as a price: spaces around it and a comma as decimal point forgiven. Undefined if it is none, or if
 * the comma may stand for thousands.
 */
export function typedAmount(text: string, decimals = 18): string | undefined {
  if (hasThousandsComma(text)) return undefined;
  const plain = text.trim().replace(/^\./, "0.").replace(",", ".").replace(/\.$/, "");
  const wei = toWei(plain, decimals);
  return wei === undefined ? undefined : fromWei(wei, decimals);
}

/** `12400` -> `12.4K`: counts, for badges. */
export function shortCount(count: number | string): string {
  return new Intl.NumberFormat("en", {
    notation: "compact",
    maximumFractionDigits: 1,
  }).format(Number(count));
}

/** `0.0417` -> `4.2%`. */
export function percent(share: number): string {
  return new Intl.NumberFormat("en", {
    style: "percent",
    maximumFractionDigits: share < 0.1 ? 1 : 0,
  }).format(share);
}
