// Who may move what is yours, what is at stake, and the way to end it.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Schemas } from "~/api/client.ts";
import { chainsQuery } from "~/api/queries.ts";
import { approvalsQuery } from "~/api/queries-own.ts";
import type { Session } from "~/api/session.ts";
import { FlowButton } from "~/flows/FlowButton.tsx";
import type { Flow } from "~/flows/flow.ts";
import type { BodyOf } from "~/flows/kinds.ts";
import { start } from "~/flows/run.ts";
import { shortAmount } from "~/lib/amounts.ts";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/account.ts";
import { wrapperOf } from "~/trade/wrap.ts";
import { Table } from "~/ui/Table.tsx";
import { AddressLabel, Price, shortAddress, Time } from "~/ui/values.tsx";

type Approval = Schemas["StandingApprovalBody"];
const WORDS = texts.approvals;

export function ApprovalsTab({ session }: { session: Session }) {
  const pages = useInfiniteQuery(approvalsQuery(session.userId));
  const nameOf = useNames();
  return (
    <>
      <p className="mb-5 max-w-2xl text-muted">{WORDS.intro}</p>
      <Paged pages={pages} empty={<Quiet>{WORDS.none}</Quiet>}>
        {(approvals) => (
          <Table
            caption={WORDS.table}
            rows={approvals}
            rowKey={(one) => `${one.wallet}/${one.contract}/${one.operator}`}
            columns={[
              { title: WORDS.what, cell: (one) => <What approval={one} name={nameOf(one)} /> },
              { title: WORDS.who, wide: true, cell: (one) => <Who approval={one} /> },
              { title: WORDS.stake, end: true, cell: (one) => <Stake approval={one} /> },
              { title: WORDS.since, wide: true, end: true, cell: (one) => <Time at={one.since} /> },
              {
                title: WORDS.action,
                end: true,
                cell: (one) => (
                  <FlowButton
                    variant="danger"
                    aria-label={WORDS.revokeOf(nameOf(one))}
                    // Only the wallet that gave it can take it back.
                    disabled={one.wallet.toLowerCase() !== session.address.toLowerCase()}
                    begin={() => revoke(one, nameOf(one))}
                  >
                    {WORDS.revoke}
                  </FlowButton>
                ),
              },
            ]}
          />
        )}
      </Paged>
    </>
  );
}

function revoke(approval: Approval, name: string): Promise<Flow> {
  const { chainId, contract, operator, standard } = approval;
  const body: BodyOf<"approve"> =
    standard === "erc20"
      ? { chainId, contract, spender: operator, kind: "erc20_approve", amount: "0" }
      : { chainId, contract, spender: operator, kind: "set_approval_for_all", approved: false };
  return start({ kind: "approve", chainId, body, title: WORDS.flow(name) });
}

/** What an approval is about: the collection, the wrapped currency of the chain, or an address that nobody has named. */
function useNames(): (approval: Approval) => string {
  const { data: chains } = useQuery(chainsQuery);
  return ({ chainId, collection, contract }) => {
    const chain = chains?.items.find((one) => one.chainId === chainId);
    const wrapper = chain && wrapperOf(chain);
    const wrapped = wrapper?.toLowerCase() === contract.toLowerCase() ? chain : undefined;
    return collection ?? (wrapped ? WORDS.wrapped(wrapped.nativeCurrency.symbol) : shortAddress(contract));
  };
}

function What({ approval, name }: { approval: Approval; name: string }) {
  return (
    <span className="flex flex-col">
      <span className="font-medium">{name}</span>
      <span className="text-muted text-sm">
        {approval.standard === "erc20" ? <Amount approval={approval} /> : WORDS.everything}
      </span>
    </span>
  );
}

/** Amounts near 2^256 mean "any": no token has so many. */
function Amount({ approval: { amount } }: { approval: Approval }) {
  return amount === null || amount.length > 60 ? WORDS.unlimited : shortAmount(amount);
}

function Who({ approval: { operator, operatorName } }: { approval: Approval }) {
  return (
    <span className="flex flex-col">
      <span>{operatorName === null ? WORDS.unknown : (WORDS.names[operatorName] ?? operatorName)}</span>
      <span className="text-muted text-sm">
        <AddressLabel address={operator} />
      </span>
    </span>
  );
}

function Stake({ approval: { atStake, chainId } }: { approval: Approval }) {
  if (atStake === null) return <span className="text-muted">—</span>;
  return (
    <span className="flex flex-col items-end">
      <span>{WORDS.tokens(atStake.tokens)}</span>
      {atStake.value !== null && <Price amount={atStake.value} chainId={chainId} className="text-muted text-sm" />}
    </span>
  );
}
