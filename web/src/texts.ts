// All English texts of the storefront. A page has a section of its own.

import type { Code } from "~/api/problems.ts";

interface Words {
  title: string;
  /** Left out where the API's `detail` says it better. */
  advice?: string;
}

const codes: Record<Code, Words> = {
  unreachable: {
    title: "The marketplace does not answer",
    advice: "Check your connection, and try again in a moment.",
  },
  account_closed: {
    title: "This account is closed",
    advice: "It can no longer sign in. Write to the marketplace if that is wrong.",
  },
  account_deleting: {
    title: "This account is about to be deleted",
    advice: "Sign in again and keep it, or let it go.",
  },
  already_in_catalog: { title: "The collection is here already", advice: "Open it by its address." },
  bad_request: {
    title: "The request could not be read",
    advice: "Load the page again. If it stays, tell the marketplace.",
  },
  call_reverted: { title: "The contract refuses this" },
  chain_not_indexed: { title: "This chain is not followed here", advice: "Choose another chain." },
  conflict: { title: "Something has changed meanwhile", advice: "Load the page again and repeat what you did." },
  contract_not_found: { title: "There is no contract at this address", advice: "Check the address and the chain." },
  domain_not_allowed: {
    title: "This site may not ask for sign-ins",
    advice: "Its operator has to allow this address.",
  },
  expired_nonce: { title: "The sign-in took too long", advice: "Start again, and sign within five minutes." },
  hash_already_tracked: {
    title: "This transaction belongs to something else",
    advice: "Look at your activity for what it did.",
  },
  headers_too_large: { title: "The request is too large", advice: "Load the page again." },
  idempotency_mismatch: { title: "This was asked for before, in other words", advice: "Close this and start again." },
  import_abandoned: { title: "The import was stopped", advice: "Ask for it again." },
  insufficient_funds: {
    title: "Not enough money in the wallet",
    advice: "Add funds to it, or choose something cheaper.",
  },
  intent_final: { title: "This has ended already", advice: "Load the page again to see how." },
  internal_error: { title: "Something broke on our side", advice: "Nothing was lost. Try again in a moment." },
  invalid_cursor: { title: "This page of the list is gone", advice: "Start from the top of the list." },
  invalid_input: { title: "Something in it is not right" },
  invalid_message: {
    title: "The sign-in message was not accepted",
    advice: "Start again. Check that your clock is right.",
  },
  invalid_nonce: { title: "The sign-in was used before", advice: "Start again." },
  invalid_signature: { title: "The signature does not fit", advice: "Sign with the account that you chose." },
  last_wallet: { title: "This is your only wallet", advice: "Link another one first, or you could not sign in." },
  media_refused: {
    title: "This file cannot be used",
    advice: "It is damaged or too complex. Save it again, or take another.",
  },
  media_too_large: { title: "This file is too large", advice: "Make it smaller, 50 MB at most." },
  method_not_allowed: { title: "The request could not be read", advice: "Load the page again." },
  missing_metadata: { title: "A token has no description yet", advice: "Publish its metadata first." },
  not_a_collection: {
    title: "This contract is no collection",
    advice: "Check the address. It must be an ERC-721 or ERC-1155.",
  },
  not_eligible: { title: "You cannot mint this now" },
  not_found: { title: "Not found", advice: "It does not exist, or it is not yours." },
  not_owner: { title: "Another account sent this", advice: "Choose the account that you signed in with." },
  not_pinned: { title: "The files are still being stored", advice: "Try again in a few seconds." },
  operator_unknown: {
    title: "This contract is unknown here",
    advice: "For your safety only contracts of this market can be approved.",
  },
  order_refused: { title: "The market does not take this order" },
  orders_unavailable: {
    title: "No longer available",
    advice: "Somebody was faster, or the seller withdrew it. Look for another one.",
  },
  origin_not_allowed: {
    title: "This site may not use the marketplace",
    advice: "Its operator has to allow this address.",
  },
  price_moved: { title: "The price has changed", advice: "Look at the new price, and decide again." },
  range_not_satisfiable: { title: "The file has changed", advice: "Load the page again." },
  rate_limited: { title: "Too many requests", advice: "Wait a minute, then go on." },
  request_timeout: { title: "The connection is too slow", advice: "Try again where it is better." },
  superseded: { title: "There is a newer transaction", advice: "Load the page again to see it." },
  too_large: { title: "This is too much at once", advice: "Send less." },
  too_many_imports: { title: "Too many imports are under way", advice: "Try again later." },
  transaction_mismatch: {
    title: "This is another transaction",
    advice: "The wallet sent something else than was prepared. Start again.",
  },
  unauthorized: { title: "You are signed out", advice: "Sign in again. What you typed is still here." },
  unknown_chain: { title: "This chain is unknown here", advice: "Choose one of the chains that are offered." },
  unknown_collection: {
    title: "This collection is unknown here",
    advice: "If it is new, wait a moment until it is indexed.",
  },
  unknown_currency: { title: "This currency is not accepted", advice: "Choose one that is offered." },
  unknown_media: { title: "The file is gone", advice: "Upload it again." },
  unreadable_media: { title: "The file is gone", advice: "Upload it again." },
  unsupported_media: { title: "This kind of file is not accepted", advice: "Use PNG, JPEG, GIF, WebP, AVIF or SVG." },
  unsupported_media_type: { title: "The request could not be read", advice: "Load the page again." },
  upload_interrupted: { title: "The upload was interrupted", advice: "Upload the file again." },
  upstream_unavailable: {
    title: "A part of the marketplace is away",
    advice: "Nothing was lost. Try again in a moment.",
  },
  username_changed_recently: { title: "The name was changed recently" },
  username_needed: { title: "You need a username for this", advice: "Choose one in your settings." },
  username_taken: { title: "This name is taken", advice: "Choose another one." },
  wallet_is_primary: {
    title: "This is somebody's main wallet",
    advice: "Its user has to choose another main wallet first.",
  },
  wallet_linked_elsewhere: {
    title: "This wallet belongs to another account",
    advice: "Confirm that it is to move to yours.",
  },
};

export const texts = {
  site: {
    name: "Steadymint",
    promise: "Mint, collect and trade, and always know where you stand.",
  },

  common: {
    close: "Close",
    cancel: "Cancel",
    retry: "Try again",
    more: "Show more",
    loading: "Loading",
    copy: "Copy",
    copied: "Copied",
    you: "You",
    of: (part: string | number, whole: string | number) => `${part} of ${whole}`,
    skip: "Skip to the content",
    back: "Back",
    all: "All",
    none: "None",
  },

  nav: {
    main: "Main",
    explore: "Explore",
    create: "Create",
    launch: "Launch a token",
    account: "Your items",
    profile: "Profile",
    settings: "Settings",
    light: "Use the light theme",
    dark: "Use the dark theme",
    cart: (count: number) => (count === 0 ? "Cart, empty" : `Cart, ${count} ${count === 1 ? "item" : "items"}`),
    menu: "Menu",
    pending: (count: number) => (count === 1 ? "1 under way" : `${count} under way`),
    footer: "Every transaction is signed by your own wallet. We follow it until it is final.",
    reference: "API reference",
  },

  search: {
    label: "Search collections and tokens",
    placeholder: "Search collections and tokens",
    collections: "Collections",
    tokens: "Tokens",
    all: (q: string) => `All results for “${q}”`,
    nothing: (q: string) => `Nothing found for “${q}”`,
    hint: "Try fewer letters, or another word of the name.",
    title: "Search",
    results: (q: string) => `Results for “${q}”`,
  },

  notFound: {
    title: "There is nothing here",
    advice: "The address may be mistyped, or what it named is gone.",
    home: "To the start page",
  },

  wallet: {
    connect: "Connect wallet",
    title: "Connect a wallet",
    intro: "Your wallet is your account. Signing in costs nothing and moves nothing.",
    statement: "Sign in to Steadymint.",
    found: "Wallets in this browser",
    none: "No wallet was found in this browser.",
    development: "Development accounts",
    developmentHint: "The local chain lends you an account with play money. No extension needed.",
    account: (number: number) => `Account ${number}`,
    waiting: "Look at your wallet and sign the message.",
    signedIn: "You are signed in",
    signOut: "Sign out",
    menu: (address: string) => `Wallet ${address}`,
    localChain: "Local chain, play money",
    balance: "Balance",
    failures: {
      rejected: {
        title: "You said no in the wallet",
        advice: "Nothing was sent and nothing is lost. Go on whenever you like.",
      },
      busy: { title: "The wallet waits for you", advice: "Open it. It has a question that was asked before." },
      wrong_chain: { title: "The wallet is on another chain", advice: "Switch its network, then try again." },
      funds: { title: "Not enough money in the wallet", advice: "It has to cover the price and the network's fee." },
      failed: { title: "The wallet could not do it", advice: undefined },
    },
  },

  flow: {
    kinds: {
      collection: "Create the collection",
      mint: "Mint",
      airdrop: "Airdrop",
      approve: "Allow the market to move it",
      cancel: "Cancel the orders",
      purchase: "Buy",
      sale: "Sell",
      launch: "Launch the token",
    },
    rows: {
      prepared: "Prepared",
      sent: "Signed and sent",
      confirming: "Confirmed on chain",
      indexed: "In the catalog",
      ready: "Done",
    },
    waitingWallet: "Waiting for your wallet",
    depth: (confirmations: number, required: number) => `${confirmations} of ${required} confirmations`,
    transaction: "Transaction",
    phases: {
      preparing: "Preparing the transaction…",
      asking: "Confirm it in your wallet.",
      following: "On its way. You can close this or leave: it goes on without you.",
      paused: "Waiting for you.",
      done: "All done.",
      failed: "It did not work out.",
    },
    go: "Continue in the wallet",
    view: "View",
    dismiss: "Forget it",
    reorged: "The chain took the block back. It is waiting to be mined again.",
    spedUp: "The wallet sent a newer transaction. It is the one that is followed now.",
    endings: {
      call_reverted: {
        title: "The contract refused it",
        advice: "The network's fee is spent, nothing else. Look at the current state and try again.",
      },
      transaction_mismatch: {
        title: "It did something else",
        advice: "The transaction succeeded, but not with what was prepared.",
      },
      replaced: {
        title: "The wallet replaced it",
        advice: "Another transaction took its place, so this one never happened.",
      },
      deadline_passed: {
        title: "It was not mined in time",
        advice: "If the transaction still lands, you will see it here.",
      },
      cancelled: { title: "It was cancelled by the marketplace", advice: "Ask its operators why." },
    },
  },

  problems: {
    unknown: { title: "Something went wrong", advice: "Load the page again. Nothing that you sent is lost." },
    codes,
  },

  collection: {
    verified: "Verified",
  },
};
