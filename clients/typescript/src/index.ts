export { airdrop, approve, cancel, createCollection, launchToken, mint, purchase, sale } from "./actions.ts";
export { type Client, type ClientOptions, createClient } from "./client.ts";
export { type Done, Flow } from "./flow.ts";
export { type Ended, type FollowOptions, type FollowOrdersOptions, follow, followOrders, type StatusEvent } from "./follow.ts";
export { FINDING_CODES, INTENT_ERROR_CODES, INTENT_KINDS, PROBLEM_CODES, STEPS } from "./generated/lists.ts";
export type {
  AlreadySo,
  AskingEvent,
  IntentEvent,
  IntentFlow,
  IntentOptions,
  Outcome,
  PreparedEvent,
  Refused,
  SentEvent,
} from "./intents.ts";
export {
  type BuiltEvent,
  type Listing,
  listItem,
  makeOffer,
  type Offer,
  type OrderFlow,
  type OrderFlowEvent,
  type OrderOptions,
  type OrderOutcome,
  type Placed,
  placeOrders,
  type SigningEvent,
} from "./orders.ts";
export { type Item, items, type ListPath, type Page, pages } from "./pages.ts";
export { ProblemError, read, SessionChangedError, UnexpectedAnswerError } from "./problems.ts";
export { memorySession, SessionKeeper, type SessionStore, webSession } from "./session.ts";
export { type LinkOptions, linkWallet, type SignInOptions, signIn, signOut } from "./sign-in.ts";
export { createSteadymint, type Steadymint } from "./steadymint.ts";
export type * from "./types.ts";
export { type UploadOptions, upload } from "./upload.ts";
export { newUuid } from "./uuid.ts";
export { type Call, type Provider, providerWallet, type TypedData, type Wallet, WalletRefusedError } from "./wallet.ts";
