import { providerWallet, signIn } from "@steadymint/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { client, type Hex } from "~/api/client.ts";
import { type Advice, adviceOn, ProblemError } from "~/api/problems.ts";
import { chainsQuery } from "~/api/queries.ts";
import { fromWei } from "~/lib/amounts.ts";
import { useStore } from "~/lib/store.ts";
import { exact } from "~/lib/times.ts";
import { texts } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { WalletIcon } from "~/ui/icons.tsx";
import { Note, Skeleton } from "~/ui/states.tsx";
import { toast } from "~/ui/toast.ts";
import { AddressMark, Price, shortAddress } from "~/ui/values.tsx";
import { Choice } from "./Choice.tsx";
import { announced, discover, type WalletChoice } from "./discovery.ts";
import { localAccounts, localChainOf, localWallet } from "./local.ts";
import { accountsOf, balanceOf, chooseChain, WalletError, walletErrorOf } from "./provider.ts";
import { asking, connected } from "./wallet.ts";

/** Lets a visitor choose a wallet and signs them in. Shown while `asking` is set, and settles it. */
export default function ConnectDialog() {
  const wallets = useStore(announced);
  const { data, error } = useQuery(chainsQuery);
  const [busy, setBusy] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Advice | null>(null);
  /** The wallet whose account is about to be deleted. */
  const [leaving, setLeaving] = useState<{ choice: WalletChoice; key: string; deletesAt: string } | null>(null);
  const local = localChainOf(data?.items ?? []);

  useEffect(discover, []);

  function close(): void {
    asking.get()?.reject(new WalletError("rejected", "The dialog was closed"));
    asking.set(null);
  }

  async function choose(choice: WalletChoice, key: string, takeBackDeletion?: true): Promise<void> {
    const chain = local ?? data?.items[0];
    if (chain === undefined) return;
    setBusy(key);
    setTrouble(null);
    setLeaving(null);
    try {
      const [address] = await accountsOf(choice.provider);
      if (address === undefined) throw new WalletError("failed", "The wallet shows no account");
      await chooseChain(choice.provider, chain);
      const session = await signIn(client, providerWallet(choice.provider, address), {
        statement: texts.wallet.statement,
        takeBackDeletion,
      });
      if (takeBackDeletion) toast.done(texts.wallet.takenBack);
      connected.set({
        walletId: choice.id,
        walletName: choice.name,
        address: session.address,
      });
      asking.get()?.resolve(session);
      asking.set(null);
    } catch (error) {
      const deletesAt = deletionIn(error);
      if (deletesAt !== undefined) setLeaving({ choice, key, deletesAt });
      else setTrouble(adviceOnWallet(error));
    } finally {
      setBusy(null);
    }
  }

  return (
    <Dialog title={texts.wallet.title} onClose={close}>
      <p className="text-muted">{texts.wallet.intro}</p>
      <div className="mt-4 flex flex-col gap-5">
        {error !== null && <Note kind="danger">{adviceOn(error).title}</Note>}
        {trouble !== null && (
          <Note kind="danger" title={trouble.title}>
            {trouble.advice}
          </Note>
        )}
        {leaving !== null && (
          <Note kind="warn" title={texts.wallet.leaving(exact(leaving.deletesAt))}>
            <p>{texts.wallet.leavingAdvice}</p>
            <Button
              size="s"
              variant="secondary"
              className="mt-3"
              onClick={() => void choose(leaving.choice, leaving.key, true)}
            >
              {texts.wallet.takeBack}
            </Button>
          </Note>
        )}
        {busy !== null && <Note>{texts.wallet.waiting}</Note>}
        {(wallets.length > 0 || (data !== undefined && local === undefined)) && (
          <section>
            <h3 className="mb-2 font-medium text-muted text-sm">{texts.wallet.found}</h3>
            <div className="flex flex-col gap-2">
              {wallets.map((wallet) => (
                <Choice
                  className="h-[58px]"
                  key={wallet.id}
                  busy={busy === wallet.id}
                  disabled={busy !== null}
                  onClick={() => void choose(wallet, wallet.id)}
                >
                  {wallet.icon === undefined ? (
                    <WalletIcon className="size-7" />
                  ) : (
                    <img src={wallet.icon} alt="" className="size-7 rounded-md" />
                  )}
                  <span className="font-medium">{wallet.name}</span>
                </Choice>
              ))}
              {wallets.length === 0 && <p className="text-muted text-sm">{texts.wallet.none}</p>}
            </div>
          </section>
        )}
        {local !== undefined && (
          <LocalAccounts
            chainId={local.chainId}
            rpcUrl={local.rpcUrl}
            busy={busy}
            onChoose={(account, name) => void choose(localWallet(local.rpcUrl, account, name), account)}
          />
        )}
      </div>
    </Dialog>
  );
}

/** Until when a deletion can be taken back, if that is why the sign-in was refused. */
function deletionIn(error: unknown): string | undefined {
  if (!(error instanceof ProblemError) || error.code !== "account_deleting") return undefined;
  const { deletesAt } = error.problem as { deletesAt?: unknown };
  return typeof deletesAt === "string" ? deletesAt : undefined;
}

function adviceOnWallet(error: unknown): Advice {
  const ofWallet = walletErrorOf(error);
  if (ofWallet === undefined) return adviceOn(error);
  const { title, advice } = texts.wallet.failures[ofWallet.failure];
  return { title, advice: advice ?? ofWallet.message };
}

function LocalAccounts({
  chainId,
  rpcUrl,
  busy,
  onChoose,
}: {
  chainId: string;
  rpcUrl: string;
  busy: string | null;
  onChoose: (account: Hex, name: string) => void;
}) {
  const { data, error } = useQuery({
    queryKey: ["local-accounts", rpcUrl],
    queryFn: async () => {
      const accounts = await localAccounts(rpcUrl);
      return await Promise.all(
        accounts.map(async (account, place) => {
          const name = texts.wallet.account(place + 1);
          return {
            account,
            name,
            wei: await balanceOf(localWallet(rpcUrl, account, name).provider, account),
          };
        }),
      );
    },
    staleTime: 0,
  });
  if (error !== null) return <Note kind="warn">{texts.wallet.failures.failed.title}</Note>;
  return (
    <section>
      <h3 className="font-medium text-muted text-sm">{texts.wallet.development}</h3>
      <p className="mb-2 text-muted text-sm">{texts.wallet.developmentHint}</p>
      <div className="flex flex-col gap-2">
        {data === undefined && [1, 2, 3, 4].map((one) => <Skeleton key={one} className="h-[58px]" />)}
        {data?.map(({ account, name, wei }) => (
          <Choice
            className="h-[58px]"
            key={account}
            busy={busy === account}
            disabled={busy !== null}
            onClick={() => onChoose(account, name)}
          >
            <AddressMark address={account} className="size-7" />
            <span className="min-w-0 flex-1 text-left">
              <span className="block font-medium leading-tight">{name}</span>
              <span className="block font-mono text-muted text-xs">{shortAddress(account)}</span>
            </span>
            <Price amount={fromWei(wei)} chainId={chainId} className="text-muted text-sm" />
          </Choice>
        ))}
      </div>
    </section>
  );
}
