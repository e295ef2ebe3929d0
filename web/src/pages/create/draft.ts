// What somebody types to create a collection, what is wrong with it, and the requests that it becomes.

import type { Schemas } from "~/api/client.ts";
import type { Wrong } from "~/forms/useForm.ts";
import type { Picture } from "~/forms/useUpload.ts";
import { wrongAddress } from "~/lib/addresses.ts";
import { readAllowlist } from "~/lib/allowlist.ts";
import { hasThousandsComma, toWei, typedAmount } from "~/lib/amounts.ts";
import { texts } from "~/texts/create.ts";
import { texts as common } from "~/texts/forms.ts";

export interface Item extends Picture {
  name: string;
}

export interface Draft {
  standard: "erc721" | "erc1155";
  name: string;
  symbol: string;
  description: string;
  website: string;
  image: Picture | null;
  banner: Picture | null;
  items: Item[];
  supply: string;
  royalty: string;
  royaltyReceiver: string;
  price: string;
  limit: string;
  startAt: string;
  endAt: string;
  allowlist: string;
}

export const FRESH: Draft = {
  standard: "erc721",
  name: "",
  symbol: "",
  description: "",
  website: "",
  image: null,
  banner: null,
  items: [],
  supply: "",
  royalty: "5",
  royaltyReceiver: "",
  price: "",
  limit: "",
  startAt: "",
  endAt: "",
  allowlist: "",
};

export const ROOM = { name: 100, symbol: 20, description: 2_000 };
export const MAX_ITEMS = 200;
/** Of an allowlist that the API publishes. */
const MAX_ADDRESSES = 50_000;
const WHOLE = /^[1-9]\d{0,9}$/;
const MAX_LIMIT = 2 ** 32 - 1;

/** The form's names of the request's fields. */
export const NAMED = {
  imageMediaId: "image",
  bannerMediaId: "banner",
  metadataSetId: "items",
  tokens: "items",
  externalUrl: "website",
  maxSupply: "supply",
  royaltyBps: "royalty",
  "mint.price": "price",
  "mint.limitPerWallet": "limit",
  "mint.startAt": "startAt",
  "mint.endAt": "endAt",
  "mint.allowlistRoot": "allowlist",
  addresses: "allowlist",
  mint: "endAt",
};

export function check(draft: Draft): Wrong {
  const percent = Number(draft.royalty.replace(",", "."));
  const website = draft.website.trim();
  const { wrong: lines, addresses } = readAllowlist(draft.allowlist);
  const hasList = draft.allowlist.trim() !== "";
  return {
    name: words(draft.name, ROOM.name),
    symbol: words(draft.symbol, ROOM.symbol),
    description: [...draft.description].length > ROOM.description ? common.long(ROOM.description) : undefined,
    website: website === "" || /^https:\/\/[^\s/]+\.[^\s]+$/.test(website) ? undefined : texts.wrong.website,
    items: draft.items.some((item) => item.name.trim() === "") ? texts.wrong.itemName : undefined,
    supply: wrongSupply(draft),
    royalty: draft.royalty.trim() === "" || (percent >= 0 && percent <= 50) ? undefined : texts.wrong.royalty,
    royaltyReceiver: wrongAddress(draft.royaltyReceiver),
    price: wrongPrice(draft.price),
    limit:
      draft.limit.trim() === "" || (WHOLE.test(draft.limit.trim()) && Number(draft.limit) <= MAX_LIMIT)
        ? undefined
        : common.whole,
    endAt: draft.startAt !== "" && draft.endAt !== "" && draft.endAt <= draft.startAt ? texts.wrong.window : undefined,
    allowlist:
      lines.length > 0
        ? texts.allowlist.broken(lines.length)
        : addresses.length > MAX_ADDRESSES
          ? texts.allowlist.long(MAX_ADDRESSES)
          : hasList && addresses.length === 0
            ? texts.allowlist.empty
            : undefined,
  };
}

function words(text: string, room: number): string | undefined {
  if (text.trim() === "") return common.needed;
  return [...text].length > room ? common.long(room) : undefined;
}

function wrongPrice(text: string): string | undefined {
  if (text.trim() === "" || typedAmount(text) !== undefined) return undefined;
  return hasThousandsComma(text) ? common.comma : common.amount;
}

function wrongSupply({ supply, items, standard }: Draft): string | undefined {
  const text = supply.trim();
  if (text === "") return undefined;
  if (!WHOLE.test(text)) return common.whole;
  return standard === "erc721" && items.length > 0 && Number(text) !== items.length
    ? texts.wrong.supply(items.length)
    : undefined;
}

/** The documents of the tokens, which are published before; undefined for a collection without pictures. */
export function metadataOf({ standard, items }: Draft): Schemas["PublishBody"] | undefined {
  if (items.length === 0) return undefined;
  return {
    standard,
    tokens: items.map(({ name, mediaId }, place) => ({
      name: name.trim(),
      imageMediaId: mediaId,
      ...(standard === "erc1155" && { tokenId: String(place + 1) }),
    })),
  };
}

export function requestOf(
  draft: Draft,
  chainId: string,
  metadataSetId: string | undefined,
  allowlistRoot?: string,
): Schemas["PrepareCollectionBody"] {
  const supply =
    draft.supply.trim() || (draft.standard === "erc721" && draft.items.length > 0 ? String(draft.items.length) : "");
  const price = typedAmount(draft.price);
  return {
    chainId,
    standard: draft.standard,
    name: draft.name.trim(),
    symbol: draft.symbol.trim(),
    description: draft.description.trim() || undefined,
    externalUrl: draft.website.trim() || undefined,
    imageMediaId: draft.image?.mediaId ?? draft.items[0]?.mediaId,
    bannerMediaId: draft.banner?.mediaId,
    metadataSetId,
    maxSupply: supply || undefined,
    royaltyBps: Math.round(Number(draft.royalty.replace(",", ".") || "0") * 100),
    royaltyReceiver: draft.royaltyReceiver.trim() || undefined,
    mint: {
      price: price === undefined ? undefined : String(toWei(price)),
      limitPerWallet: draft.limit.trim() || undefined,
      startAt: moment(draft.startAt),
      endAt: moment(draft.endAt),
      allowlistRoot,
    },
  } as Schemas["PrepareCollectionBody"];
}

/** What the reader's clock says, as a moment. */
function moment(local: string): string | undefined {
  return local === "" ? undefined : new Date(local).toISOString();
}
