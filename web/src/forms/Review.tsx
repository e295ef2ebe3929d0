// The last look before the wallet is asked: the exact address, and what the network takes for it now.

import { useQuery } from "@tanstack/react-query";

import type { Schemas } from "~/api/client.ts";
import { chainsQuery } from "~/api/queries.ts";
import { fromWei, shortAmount, toWei } from "~/lib/amounts.ts";
import { texts } from "~/texts/forms.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { AddressLabel } from "~/ui/values.tsx";

const WORDS = texts.review;
const FEES_MS = 6_000;
/** Half a block of Ethereum: what it would cost follows the chain. */

interface Props {
  title: string;
  /** What is made. */
  name: string;
  /** What is signed and cannot be changed later, such as the supply: by the words for it. */
  facts?: Readonly<Record<string, string>>;
  prepared: Schemas["PreparedAnswer"];
  confirm: string;
  onClose(): void;
  onConfirm(): void;
}

export function Review({ title, name, facts = {}, prepared, confirm, onClose, onConfirm }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="mb-5 text-muted">{name}</p>
      <dl className="flex flex-col gap-5">
        {Object.entries(facts).map(([about, fact]) => (
          <Line key={about} title={about}>
            <span className="figures break-all">{fact}</span>
          </Line>
        ))}
        {prepared.previewAddress !== undefined && (
          <Line title={WORDS.address} about={WORDS.addressAbout}>
            <AddressLabel address={prepared.previewAddress} copy />
          </Line>
        )}
        <Fee tx={prepared.txRequest} />
        <Line title={WORDS.by}>
          <AddressLabel address={prepared.txRequest.from} />
        </Line>
      </dl>
      <div className="mt-7 flex gap-3">
        <Button size="l" className="flex-1" onClick={onConfirm}>
          {confirm}
        </Button>
        <Button size="l" variant="secondary" onClick={onClose}>
          {WORDS.change}
        </Button>
      </div>
    </Dialog>
  );
}

function Fee({ tx }: { tx: Schemas["TxRequest"] }) {
  const { data } = useQuery({ ...chainsQuery, refetchInterval: FEES_MS, staleTime: 0 });
  const chain = data?.items.find((one) => one.chainId === tx.chainId);
  const gwei = chain?.fees.maxFeeGwei;
  const each = gwei === undefined ? undefined : toWei(gwei, 9);
  if (tx.gas === undefined) return <Line title={WORDS.gas}>{WORDS.gasUnknown}</Line>;
  if (each === undefined || chain === undefined || gwei === undefined) {
    return <Line title={WORDS.gas}>{WORDS.gasOnly(shortAmount(tx.gas))}</Line>;
  }
  const most = fromWei(BigInt(tx.gas) * each, chain.nativeCurrency.decimals);
  return (
    <Line title={WORDS.gas} about={WORDS.gasUnits(shortAmount(tx.gas), shortAmount(gwei, 2))}>
      <span className="figures">
        {WORDS.most} {shortAmount(most, 6)} {chain.nativeCurrency.symbol}
      </span>
    </Line>
  );
}

function Line({ title, about, children }: { title: string; about?: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-muted text-sm">{title}</dt>
      <dd className="mt-1 font-medium text-lg">{children}</dd>
      {about !== undefined && <dd className="mt-0.5 text-muted text-sm">{about}</dd>}
    </div>
  );
}
