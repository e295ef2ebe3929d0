// The words of the page that creates a collection.

import type { WrongLine } from "~/lib/allowlist.ts";

export const texts = {
  title: "Create a collection",
  intro:
    "Your contract, at an address that you know before you sign. Your wallet pays the network; nobody can change the rules later but you.",
  saved: "What you type is kept in this tab.",
  sections: {
    look: "Name and look",
    items: "Artwork",
    money: "Price and royalties",
    access: "Who may mint, and when",
  },
  standard: {
    label: "Kind",
    erc721: "One of a kind",
    erc721About: "Each token exists once (ERC-721).",
    erc1155: "Editions",
    erc1155About: "Each token has many copies (ERC-1155).",
  },
  name: "Name",
  symbol: "Symbol",
  symbolHint: "A short name such as LITE. Wallets show it.",
  description: "Description",
  website: "Website",
  image: "Logo",
  imageHint: "Square. Without one, the first artwork is shown.",
  banner: "Banner",
  bannerHint: "Three times as wide as high.",
  items: {
    add: "Add artwork",
    hint: (room: number) =>
      `Each picture becomes a token, in this order. Up to ${room}; PNG, JPEG, GIF, WebP, AVIF or SVG.`,
    editionHint: (room: number) => `Each picture becomes an edition, in this order. Up to ${room}.`,
    none: "No artwork yet. You can create a collection without, and point it at documents of your own.",
    name: (place: number) => `Name of item ${place}`,
    remove: (name: string) => `Remove ${name}`,
    again: (name: string) => `Upload ${name} again`,
    uploading: (name: string, percent: number) => `${name}: ${percent}%`,
    progress: (name: string) => `Upload of ${name}`,
    full: (room: number) => `At most ${room} pictures here. The API takes more: see the documentation.`,
    waiting: "Wait until all pictures are uploaded.",
  },
  supply: "How many can be minted",
  supplyHint: "Leave empty for no limit.",
  supplyOfItems: (count: number) => `${count}, one for each picture.`,
  copies: "Copies of each edition",
  royalty: "Royalty",
  royaltyHint: "What you get of each later sale, 0 to 50%. Markets decide whether they pay it; this one does.",
  royaltyReceiver: "Who gets royalties",
  royaltyReceiverHint: "Your wallet, if you leave this empty.",
  price: "Mint price",
  priceHint: "Of one token. Leave empty for a free mint.",
  limit: "Most per wallet",
  startAt: "Opens",
  endAt: "Closes",
  window: "Times are of your own clock. Leave both empty for a mint that is always open.",
  allowlist: {
    label: "Allowlist",
    hint: "One address a line, or a CSV with addresses in its first column. Only these wallets can mint.",
    file: "Load a CSV file",
    count: (count: number) => (count === 1 ? "1 address can mint." : `${count} addresses can mint.`),
    keep: "Keep this list and give it to your minters: they prove with it that they are on it.",
    broken: (count: number) => (count === 1 ? "One line is wrong." : `${count} lines are wrong.`),
    empty: "There is no address in this list.",
    more: (count: number) => `and ${count} more`,
    line: ({ line, text, fault, first }: WrongLine) => {
      const what = {
        form: "is no address",
        checksum: "has the wrong casing: a letter may be mistyped",
        zero: "is the zero address",
        twice: `is there twice, first in line ${first}`,
      }[fault];
      return `Line ${line}: ${text.length > 46 ? `${text.slice(0, 45)}…` : text} ${what}.`;
    },
  },
  wrong: {
    website: "Write an address such as https://example.org.",
    itemName: "Each item needs a name.",
    supply: (count: number) =>
      `You have ${count} pictures, and each is one token: write ${count}, or leave this empty.`,
    royalty: "Write a share from 0 to 50.",
    window: "The mint must close after it opens.",
  },
  review: {
    button: "Review",
    working: "Preparing…",
    title: "Ready to create",
    create: "Create it",
  },
  preview: {
    heading: "Preview",
    name: "Your collection",
    free: "Free",
    items: "Items",
    price: "Price",
    royalty: "Royalty",
    open: "Unlimited",
  },
  done: { title: "Your collection is live", look: "Look at it", mint: "Mint from it", another: "Create another" },
  flow: (name: string) => `Create ${name}`,
};
