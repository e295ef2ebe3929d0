// Words that all forms share.

export const texts = {
  picture: {
    drop: "Drop a picture or click to choose one",
    choose: "Choose a picture",
    preview: (label: string) => `${label}, as it will be shown`,
    remove: (label: string) => `Remove ${label.toLowerCase()}`,
    sending: (percent: number) => `Uploading, ${percent}%`,
    reading: "Checking the picture…",
    progress: (label: string) => `Upload of ${label.toLowerCase()}`,
    kind: (name: string) => `${name} is no picture that works here. Use a PNG, JPEG, GIF, WebP, AVIF or SVG.`,
    size: (mebibytes: number) => `This file is too large. A picture may have ${mebibytes} MB.`,
  },
  review: {
    address: "It will be at",
    addressAbout: "Exactly there: it is computed from your wallet and this request.",
    gas: "Network fee",
    gasUnknown: "Your wallet will say.",
    gasOnly: (gas: string) => `${gas} gas. Your wallet knows its price now.`,
    gasUnits: (gas: string, gwei: string) => `${gas} gas at ${gwei} gwei, as of now`,
    most: "at most",
    change: "Change something",
    by: "From wallet",
  },
  address: {
    form: "An address starts with 0x and has 40 digits or letters a to f after it.",
    checksum: "The casing does not fit this address: a letter may be mistyped. Copy it again.",
    zero: "This is the zero address: what goes there is lost.",
  },
  needed: "This is needed.",
  long: (room: number) => `At most ${room} characters.`,
  comma: "Leave commas out: write 100000 for a hundred thousand, and 0.125 with a point.",
  amount: "Write an amount such as 0.05.",
  whole: "Write a whole number such as 100.",
  positive: "Write a number above zero.",
};
