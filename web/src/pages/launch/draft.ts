// What somebody types to launch a token, what is wrong with it, and the request that it becomes.

import type { Schemas } from "~/api/client.ts";
import type { Wrong } from "~/forms/useForm.ts";
import type { Picture } from "~/forms/useUpload.ts";
import { wrongAddress } from "~/lib/addresses.ts";
import { fromWei, hasThousandsComma, shortAmount, toWei, typedAmount } from "~/lib/amounts.ts";
import { texts as common } from "~/texts/forms.ts";
import { texts } from "~/texts/launch.ts";

export interface Draft {
  name: string;
  symbol: string;
  description: string;
  icon: Picture | null;
  supply: string;
  decimals: string;
  recipient: string;
  mintOnce: boolean;
  cap: string;
  burnable: boolean;
  permit: boolean;
}

export const FRESH: Draft = {
  name: "",
  symbol: "",
  description: "",
  icon: null,
  supply: "",
  decimals: "18",
  recipient: "",
  mintOnce: true,
  cap: "",
  burnable: false,
  permit: true,
};

export const NAMED = { iconMediaId: "icon" };
const ROOM = { name: 100, symbol: 20, description: 2_000 };
const MAX_DECIMALS = 36;

export function check(draft: Draft): Wrong {
  const decimals = decimalsOf(draft);
  const digits = decimals ?? MAX_DECIMALS;
  const supply = unitsOf(draft.supply, digits);
  const cap = unitsOf(draft.cap, digits);
  return {
    name: words(draft.name, ROOM.name),
    symbol: words(draft.symbol, ROOM.symbol),
    description: [...draft.description].length > ROOM.description ? common.long(ROOM.description) : undefined,
    decimals: decimals === undefined ? texts.wrong.decimals : undefined,
    supply:
      supply === undefined
        ? wrongUnits(draft.supply, digits)
        : draft.mintOnce && supply === 0n
          ? texts.wrong.none
          : undefined,
    recipient: wrongAddress(draft.recipient),
    cap:
      draft.mintOnce || draft.cap.trim() === ""
        ? undefined
        : cap === undefined
          ? wrongUnits(draft.cap, digits)
          : cap < (supply ?? 0n) || cap === 0n
            ? texts.wrong.cap
            : undefined,
  };
}

function words(text: string, room: number): string | undefined {
  if (text.trim() === "") return common.needed;
  return [...text].length > room ? common.long(room) : undefined;
}

function wrongUnits(text: string, digits: number): string {
  return hasThousandsComma(plainOf(text)) ? common.comma : texts.wrong.supply(digits);
}

function decimalsOf({ decimals }: Draft): number | undefined {
  const text = decimals.trim();
  return /^\d{1,2}$/.test(text) && Number(text) <= MAX_DECIMALS ? Number(text) : undefined;
}

/** The smallest units; nothing typed is none of them. Thousands may be grouped by spaces or underscores. */
function unitsOf(text: string, decimals: number): bigint | undefined {
  const plain = plainOf(text);
  if (plain === "") return 0n;
  const amount = typedAmount(plain, decimals);
  return amount === undefined ? undefined : toWei(amount, decimals);
}

function plainOf(text: string): string {
  return text.replace(/[\s_]/g, "");
}

export function requestOf(draft: Draft, chainId: string): Schemas["PrepareLaunchBody"] {
  const decimals = decimalsOf(draft) ?? 18;
  const cap = draft.mintOnce ? 0n : (unitsOf(draft.cap, decimals) ?? 0n);
  return {
    chainId,
    name: draft.name.trim(),
    symbol: draft.symbol.trim(),
    decimals,
    supply: String(unitsOf(draft.supply, decimals) ?? 0n),
    recipient: draft.recipient.trim() || undefined,
    mintOnce: draft.mintOnce,
    cap: cap > 0n ? String(cap) : undefined,
    burnable: draft.burnable,
    permit: draft.permit,
    description: draft.description.trim() || undefined,
    iconMediaId: draft.icon?.mediaId,
  } as Schemas["PrepareLaunchBody"];
}

/** What no one can change once it is launched, exactly, for the last look. */
export function factsOf({ supply, cap, decimals, symbol }: Schemas["PrepareLaunchBody"]): Record<string, string> {
  const shown = (units: string): string => `${shortAmount(fromWei(BigInt(units), decimals), decimals)} ${symbol}`;
  return {
    [texts.supply]: shown(String(supply)),
    ...(cap != null && { [texts.cap]: shown(String(cap)) }),
  };
}
