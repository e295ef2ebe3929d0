// Who may move what is yours, what is at stake, and the way to end it.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { chainsQuery } from "~/api/queries.ts";
import { approvalsQuery } from "~/api/queries-own.ts";
import type { Session } from "~/api/session.ts";
import { FlowButton } from "~/flows/FlowButton.tsx";
import { start } from "~/flows/run.ts";
import { Paged, Quiet } from "~/people/Paged.tsx";
import { texts } from "~/texts/account.ts";
import { Table } from "~/ui/Table.tsx";
import { AddressLabel, Price, Time } from "~/ui/values.tsx";
import { type Approval, type Chain, extentOf, keyOf, nameOf, operatorOf, revokingOf } from "./approvals.ts";

const WORDS = texts.approvals;

export function ApprovalsTab({ session }: { session: Session }) {
  const pages = useInfiniteQuery(approvalsQuery(session.userId));
  const { data: chains } = useQuery(chainsQuery);
  const chainOf = ({ chainId }: Approval) => chains?.items.find((one) => one.chainId === chainId);
  return (
    <>
      <p className="mb-5 max-w-2xl text-muted">{WORDS.intro}</p>
      <Paged pages={pages} empty={<Quiet>{WORDS.none}</Quiet>}>
        {(approvals) => (
          <Table
            caption={WORDS.table}
            rows={approvals}
            rowKey={keyOf}
            columns={[
              { title: WORDS.what, cell: (one) => <What approval={one} chain={chainOf(one)} /> },
              { title: WORDS.who, wide: true, cell: (one) => <Who approval={one} /> },
              { title: WORDS.stake, end: true, cell: (one) => <Stake approval={one} /> },
              { title: WORDS.since, wide: true, end: true, cell: (one) => <Time at={one.since} /> },
              {
                title: WORDS.action,
                end: true,
                cell: (one) => (
                  <Revoke approval={one} title={revokingOf(one, chainOf(one))} account={session.address} />
                ),
              },
            ]}
          />
        )}
      </Paged>
    </>
  );
}

interface RevokeProps {
  approval: Approval;
  title: string;
  account: string;
}

/** Sends what the API says that takes this approval back, and nothing else. */
function Revoke({ approval: { wallet, chainId, revoke }, title, account }: RevokeProps) {
  return (
    <FlowButton
      variant="danger"
      aria-label={title}
      disabled={wallet.toLowerCase() !== account.toLowerCase()} // only the wallet that gave it can take it back
      begin={() => start({ kind: "approve", chainId, body: revoke, title })}
    >
      {WORDS.revoke}
    </FlowButton>
  );
}

function What({ approval, chain }: { approval: Approval; chain: Chain | undefined }) {
  return (
    <span className="flex flex-col">
      <span className="font-medium">{nameOf(approval, chain)}</span>
      <span className="text-muted text-sm">{extentOf(approval, chain)}</span>
      {/* On a phone the table has no column for it. */}
      <span className="text-muted text-sm md:hidden">{operatorOf(approval)}</span>
    </span>
  );
}

function Who({ approval }: { approval: Approval }) {
  return (
    <span className="flex flex-col">
      <span>{operatorOf(approval)}</span>
      <span className="text-muted text-sm">
        <AddressLabel address={approval.operator} />
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
