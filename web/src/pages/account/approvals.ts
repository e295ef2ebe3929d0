// One standing approval: what tells it from all others, and what it is about, in words.

import type { Schemas } from "~/api/client.ts";
import { fromWei, shortAmount } from "~/lib/amounts.ts";
import { texts } from "~/texts/account.ts";
import { wrapperOf } from "~/trade/wrap.ts";
import { shortAddress } from "~/ui/values.tsx";

export type Approval = Schemas["StandingApprovalBody"];
export type Chain = Schemas["ChainBody"];
const WORDS = texts.approvals;

/** As the API identifies it: a wallet may have approved one operator for several tokens, and for all of them. */
export function keyOf({ wallet, chainId, contract, operator, tokenId }: Approval): string {
  return [wallet, chainId, contract, operator, tokenId ?? ""].join("/");
}

/** The collection, the wrapped currency of the chain, or the address of a contract that nobody has named. */
export function nameOf({ collection, contract }: Approval, chain: Chain | undefined): string {
  if (collection !== null) return collection;
  return isWrapper(contract, chain) ? WORDS.wrapped(chain.nativeCurrency.symbol) : shortAddress(contract);
}

/** What of it may be moved: one token, all of them, or an amount of a currency. */
export function extentOf(approval: Approval, chain: Chain | undefined): string {
  const { standard, tokenId, amount, contract } = approval;
  if (standard !== "erc20") return tokenId === null ? WORDS.everything : WORDS.one(tokenId);
  if (amount === null || amount.length > 60) return WORDS.unlimited; // near 2^256: no token has so many
  if (isWrapper(contract, chain)) return shortAmount(fromWei(BigInt(amount), chain.nativeCurrency.decimals));
  return WORDS.smallestUnits(shortAmount(amount)); // how many decimals it has is not told
}

/** Who may move it, in words. */
export function operatorOf({ operatorName }: Approval): string {
  return operatorName === null ? WORDS.unknown : (WORDS.names[operatorName] ?? operatorName);
}

/** What revoking it is called. No other approval's button has the same name. */
export function revokingOf(approval: Approval, chain: Chain | undefined): string {
  const { chainId, operator, tokenId } = approval;
  const name = nameOf(approval, chain);
  const what = tokenId === null ? name : `${name} ${WORDS.one(tokenId)}`;
  return WORDS.revokeOf(what, shortAddress(operator), chain?.name ?? chainId);
}

function isWrapper(contract: string, chain: Chain | undefined): chain is Chain {
  return chain !== undefined && wrapperOf(chain)?.toLowerCase() === contract.toLowerCase();
}
