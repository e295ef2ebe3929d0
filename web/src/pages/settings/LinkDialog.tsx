// Links a further wallet: it is chosen, and signs a message that proves whose it is.

import { linkWallet, providerWallet } from "@steadymint/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { client, type Hex } from "~/api/client.ts";
import { ProblemError } from "~/api/problems.ts";
import { chainsQuery } from "~/api/queries.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts/settings.ts";
import { texts as common } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { WalletIcon } from "~/ui/icons.tsx";
import { Note } from "~/ui/states.tsx";
import { AddressMark, shortAddress } from "~/ui/values.tsx";
import { Choice } from "~/wallet/Choice.tsx";
import { announced, discover, type WalletChoice } from "~/wallet/discovery.ts";
import { localAccounts, localChainOf, localWallet } from "~/wallet/local.ts";
import { accountsOf, chooseChain, WalletError } from "~/wallet/provider.ts";

const WORDS = texts.wallets.dialog;

interface Props {
  /** The addresses that are linked already. */
  known: readonly string[];
  onClose(): void;
  onLinked(): void;
}

export function LinkDialog({ known, onClose, onLinked }: Props) {
  const wallets = useStore(announced);
  const { data: chains } = useQuery(chainsQuery);
  const local = localChainOf(chains?.items ?? []);
  const [busy, setBusy] = useState<WalletChoice | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [last, setLast] = useState<WalletChoice | null>(null);

  useEffect(discover, []);

  async function link(choice: WalletChoice, move: boolean): Promise<void> {
    const chain = local ?? chains?.items[0];
    if (chain === undefined) return;
    setBusy(choice);
    setLast(choice);
    setFailure(null);
    try {
      const [address] = await accountsOf(choice.provider);
      if (address === undefined) throw new WalletError("failed", "The wallet shows no account");
      await chooseChain(choice.provider, chain);
      await linkWallet(client, providerWallet(choice.provider, address), { statement: WORDS.statement, move });
      onLinked();
    } catch (error) {
      setFailure(error);
      setBusy(null);
    }
  }

  const elsewhere = failure instanceof ProblemError && failure.code === "wallet_linked_elsewhere";
  return (
    <Dialog title={WORDS.title} onClose={onClose}>
      <p className="text-muted">{WORDS.intro}</p>
      <div className="mt-5 flex flex-col gap-5">
        {elsewhere ? (
          <Note kind="warn">
            <p>{WORDS.elsewhere}</p>
            <Button variant="danger" size="s" className="mt-3" onClick={() => last && void link(last, true)}>
              {WORDS.move}
            </Button>
          </Note>
        ) : (
          <FormFailure failure={failure} />
        )}
        {busy !== null && <Note>{WORDS.waiting}</Note>}
        <div className="flex flex-col gap-2">
          {wallets.map((wallet) => (
            <Choice
              className="h-14 text-left"
              key={wallet.id}
              busy={busy?.id === wallet.id}
              disabled={busy !== null}
              onClick={() => void link(wallet, false)}
            >
              {wallet.icon === undefined ? (
                <WalletIcon className="size-7" />
              ) : (
                <img src={wallet.icon} alt="" className="size-7" />
              )}
              <span className="font-medium">{wallet.name}</span>
            </Choice>
          ))}
          {local !== undefined && (
            <LocalChoices
              rpcUrl={local.rpcUrl}
              known={known}
              busy={busy}
              onChoose={(account, name) =>
                void link({ ...localWallet(local.rpcUrl, account, name), id: account }, false)
              }
            />
          )}
          {wallets.length === 0 && chains !== undefined && local === undefined && (
            <p className="text-muted">{common.wallet.none}</p>
          )}
        </div>
      </div>
    </Dialog>
  );
}

interface LocalProps {
  rpcUrl: string;
  known: readonly string[];
  busy: WalletChoice | null;
  onChoose(account: Hex, name: string): void;
}

/** The development accounts that are not linked yet. */
function LocalChoices({ rpcUrl, known, busy, onChoose }: LocalProps) {
  const { data } = useQuery({
    queryKey: ["local-accounts", rpcUrl, "addresses"],
    queryFn: () => localAccounts(rpcUrl),
  });
  const linked = new Set(known.map((address) => address.toLowerCase()));
  return data?.map((account, place) => {
    const name = common.wallet.account(place + 1);
    if (linked.has(account.toLowerCase())) return null;
    return (
      <Choice
        className="h-14 text-left"
        key={account}
        busy={busy?.id === account}
        disabled={busy !== null}
        onClick={() => onChoose(account, name)}
      >
        <AddressMark address={account} className="size-7" />
        <span className="font-medium">{name}</span>
        <span className="font-mono text-muted text-xs">{shortAddress(account)}</span>
      </Choice>
    );
  });
}
