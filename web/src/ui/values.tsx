// How values look everywhere: prices, addresses, times, verified collections.

import { type ReactNode, useState } from "react";

import type { Hex } from "~/api/client.ts";
import { useNativeSymbol } from "~/api/useNativeSymbol.ts";
import { shortAmount } from "~/lib/amounts.ts";
import { classes } from "~/lib/classes.ts";
import { copyText } from "~/lib/copy.ts";
import { exact, relative } from "~/lib/times.ts";
import { texts } from "~/texts.ts";
import { CheckIcon, CopyIcon, VerifiedIcon } from "./icons.tsx";

interface PriceProps {
  amount?: string | null;
  /** Default: the own currency of the chain. */
  currency?: string;
  /** Default: the first chain. */
  chainId?: string;
  className?: string;
}

/** An amount in whole units, with its currency; a dash for none. The exact amount is its title. */
export function Price({ amount, currency, chainId, className }: PriceProps) {
  const native = useNativeSymbol(chainId);
  const symbol = currency ?? native;
  if (amount === undefined || amount === null) return <span className="text-muted">—</span>;
  return (
    <span className={classes("figures whitespace-nowrap", className)} title={`${amount} ${symbol}`}>
      {shortAmount(amount)} <span className="text-[0.85em]">{symbol}</span>
    </span>
  );
}

export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

/** The address of nobody: of what was burned, or has no owner. */
export const ZERO = "0x0000000000000000000000000000000000000000";

/** An address, shortened, which can be copied. `own` is shown as "You". */
export function AddressLabel({
  address,
  own,
  copy = false,
  reserved = false,
  children,
}: {
  address: Hex | null | undefined;
  own?: string;
  copy?: boolean;
  /** As wide for a name as for an address: nothing moves when the name comes. */
  reserved?: boolean;
  /** The name to show in its place. */
  children?: ReactNode;
}) {
  const [copied, setCopied] = useState(false);
  if (address === null || address === undefined || address === ZERO) return <span className="text-muted">—</span>;
  const mine = own?.toLowerCase() === address.toLowerCase();
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap align-middle" title={address}>
      <AddressMark address={address} />
      <span className={classes(reserved && "w-28 truncate text-left")}>
        {mine ? (
          <span className="font-medium">{texts.common.you}</span>
        ) : (
          children || <span className="font-mono text-[0.9em]">{shortAddress(address)}</span>
        )}
      </span>
      {copy && (
        <button
          type="button"
          aria-label={copied ? texts.common.copied : `${texts.common.copy} ${address}`}
          className="rounded p-1 text-muted hover:text-ink"
          onClick={() => void copyText(address).then(setCopied)}
        >
          {copied ? <CheckIcon className="size-4" /> : <CopyIcon className="size-4" />}
        </button>
      )}
    </span>
  );
}

/** A coloured dot that is the same for the same address. */
export function AddressMark({ address, className = "size-5" }: { address: string; className?: string }) {
  const hue = Number.parseInt(address.slice(2, 8), 16) % 360;
  const other = Number.parseInt(address.slice(-6), 16) % 360;
  return (
    <span
      aria-hidden="true"
      className={classes("inline-block shrink-0 rounded-full", className)}
      style={{
        background: `linear-gradient(135deg, hsl(${hue} 65% 58%), hsl(${other} 60% 42%))`,
      }}
    />
  );
}

export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exact(at)} className="whitespace-nowrap">
      {relative(at)}
    </time>
  );
}

export function Verified() {
  return (
    <span className="inline-flex text-accent" title={texts.collection.verified}>
      <VerifiedIcon className="size-5" />
      <span className="sr-only">{texts.collection.verified}</span>
    </span>
  );
}

export function Badge({
  children,
  tone = "plain",
}: {
  children: React.ReactNode;
  tone?: "plain" | "accent" | "warn" | "danger";
}) {
  const look = {
    plain: "bg-sunken text-muted",
    accent: "bg-accent-soft text-accent",
    warn: "bg-warn-soft text-warn",
    danger: "bg-danger-soft text-danger",
  }[tone];
  return (
    <span className={classes("inline-flex items-center rounded-md px-2 py-0.5 font-medium text-xs", look)}>
      {children}
    </span>
  );
}
