// The names of the API's schemas that the client speaks of. All others are `Schemas["..."]`.

import type { components, operations, paths } from "./generated/api.ts";
import type { FINDING_CODES, INTENT_ERROR_CODES, INTENT_KINDS, PROBLEM_CODES, STEPS } from "./generated/lists.ts";

export type { components, operations, paths };

export type Schemas = components["schemas"];

/** `0x` and hex digits. */
export type Hex = `0x${string}`;

/** The codes of problem documents. More may be added: let a `switch` have a `default`. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];
export type IntentErrorCode = (typeof INTENT_ERROR_CODES)[number];
export type IntentKind = (typeof INTENT_KINDS)[number];
export type Step = (typeof STEPS)[number];
export type FindingCode = (typeof FINDING_CODES)[number];

export type Intent = Schemas["IntentView"];
export type IntentStatus = Schemas["IntentStatus"];
export type Order = Schemas["OrderView"];
export type OrderEvent = Schemas["OrderEventView"];
export type Problem = Schemas["Problem"];
export type WrongField = Schemas["WrongField"];
export type Session = Schemas["TokenAnswer"];
export type TxRequest = Schemas["TxRequest"];
export type Prepared = Schemas["PreparedAnswer"];
export type PreparedFill = Schemas["FillAnswer"];
export type PreparedStep = Schemas["PreparedStep"];
export type Satisfied = Schemas["SatisfiedAnswer"];
export type Media = Schemas["MediaBody"];
export type BuiltOrders = Schemas["BuiltAnswer"];
export type Wish = Schemas["WishBody"];

/** What every call takes that may last. */
export interface Abortable {
  signal?: AbortSignal | undefined;
}
