// The wallets of one user: which is the main one, what they are called, and their end.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, got, type Schemas } from "~/api/client.ts";
import { texts } from "~/texts/settings.ts";
import { texts as common } from "~/texts.ts";
import { Button } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { PlusIcon } from "~/ui/icons.tsx";
import { toast } from "~/ui/toast.ts";
import { AddressLabel, Badge, shortAddress, Time } from "~/ui/values.tsx";
import { LabelField } from "./LabelField.tsx";
import { LinkDialog } from "./LinkDialog.tsx";

type Wallet = Schemas["WalletBody"];
const WORDS = texts.wallets;

export function Wallets({ me }: { me: Schemas["MeBody"] }) {
  const client = useQueryClient();
  const [linking, setLinking] = useState(false);
  const [ending, setEnding] = useState<Wallet | null>(null);
  const reload = (): Promise<void> => client.invalidateQueries({ queryKey: ["own", me.userId] });
  // A key has a link for each chain; all of them are meant by what is done here.
  const wallets = [...new Map(me.wallets.map((wallet) => [wallet.address, wallet])).values()];

  const main = useMutation({
    mutationFn: ({ address }: Wallet) =>
      got(api.PUT("/v1/me/wallets/{address}/primary", { params: { path: { address } } })),
    onSuccess: reload,
    onError: toast.error,
  });
  const unlink = useMutation({
    mutationFn: ({ address }: Wallet) => got(api.DELETE("/v1/me/wallets/{address}", { params: { path: { address } } })),
    onSuccess: async () => {
      await reload();
      toast.done(WORDS.unlinked);
    },
    onError: toast.error,
    onSettled: () => setEnding(null),
  });

  return (
    <div className="flex flex-col gap-6">
      <p className="max-w-2xl text-muted">{WORDS.intro}</p>
      <ul className="flex flex-col gap-4">
        {wallets.map((wallet) => (
          <li key={wallet.address} className="rounded-card border border-line bg-surface p-5">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <div className="flex flex-wrap items-center gap-3">
                <AddressLabel address={wallet.address} copy />
                {wallet.isPrimary && <Badge tone="accent">{WORDS.main}</Badge>}
                {wallet.type !== "eoa" && <Badge>{WORDS.types[wallet.type]}</Badge>}
              </div>
              <p className="text-muted text-sm">
                {WORDS.linked} <Time at={wallet.linkedAt} />
              </p>
            </div>
            <div className="mt-4 flex flex-wrap items-end justify-between gap-4">
              <LabelField wallet={wallet} onSaved={reload} />
              <div className="flex flex-wrap gap-2">
                {!wallet.isPrimary && (
                  <Button
                    variant="secondary"
                    size="s"
                    aria-label={WORDS.makeMainOf(shortAddress(wallet.address))}
                    busy={main.isPending && main.variables.address === wallet.address}
                    onClick={() => main.mutate(wallet)}
                  >
                    {WORDS.makeMain}
                  </Button>
                )}
                {wallets.length > 1 && (
                  <Button
                    variant="danger"
                    size="s"
                    aria-label={WORDS.unlinkOf(shortAddress(wallet.address))}
                    onClick={() => setEnding(wallet)}
                  >
                    {WORDS.unlink}
                  </Button>
                )}
              </div>
            </div>
          </li>
        ))}
      </ul>
      <Button className="self-start" onClick={() => setLinking(true)}>
        <PlusIcon />
        {WORDS.link}
      </Button>
      {linking && (
        <LinkDialog
          known={wallets.map((wallet) => wallet.address)}
          onClose={() => setLinking(false)}
          onLinked={() => {
            setLinking(false);
            toast.done(WORDS.linkedNow);
            void reload();
          }}
        />
      )}
      {ending !== null && (
        <Dialog title={WORDS.sure(shortAddress(ending.address))} onClose={() => setEnding(null)}>
          <p className="text-muted">{WORDS.sureAbout}</p>
          <div className="mt-6 flex gap-3">
            <Button variant="danger" busy={unlink.isPending} onClick={() => unlink.mutate(ending)}>
              {WORDS.unlink}
            </Button>
            <Button variant="secondary" onClick={() => setEnding(null)}>
              {common.common.cancel}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
