// Whose account it is, and which of their wallets is shown.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { Hex, Schemas } from "~/api/client.ts";
import { meQuery } from "~/api/queries-own.ts";
import { texts } from "~/texts/account.ts";
import { Media } from "~/ui/Media.tsx";
import { Skeleton } from "~/ui/states.tsx";
import { AddressLabel, AddressMark, shortAddress } from "~/ui/values.tsx";

interface Props {
  userId: string;
  address: Hex;
  onChoose: (address: Hex) => void;
}

/** Each line has its place before the profile is known, with or without a picture, a name and further wallets. */
export function AccountHead({ userId, address, onChoose }: Props) {
  const { data: me } = useQuery(meQuery(userId));
  const wallets = [...new Map((me?.wallets ?? []).map((wallet) => [wallet.address, wallet])).values()];
  const round = "size-20 rounded-full sm:size-24";
  return (
    <header className="mb-6 flex items-center gap-4 sm:gap-6">
      <div className="shrink-0">
        {me === undefined && <Skeleton className={round} />}
        {me !== undefined &&
          (me.avatarUrl ? (
            <Media src={me.avatarUrl} sizes="96px" alt="" eager className={round} />
          ) : (
            <AddressMark address={address} className={round} />
          ))}
      </div>
      <div className="min-w-0">
        <h1 className="font-semibold text-3xl tracking-tight sm:text-4xl">{texts.title}</h1>
        <div className="mt-1 h-6 truncate">
          {me === undefined ? <Skeleton className="h-5 w-32" /> : <Name me={me} />}
        </div>
        <div className="mt-1 flex h-9 items-center gap-3 text-muted">
          <AddressLabel address={address} copy />
          {wallets.length > 1 && <WalletChoice wallets={wallets} address={address} onChoose={onChoose} />}
        </div>
      </div>
    </header>
  );
}

function Name({ me: { username, displayName } }: { me: Schemas["MeBody"] }) {
  const look = "font-medium text-muted hover:text-ink";
  if (!username) {
    return (
      <Link to="/settings" className={look}>
        {texts.unnamed}
      </Link>
    );
  }
  return (
    <Link to="/users/$username" params={{ username }} className={look}>
      {displayName ?? `@${username}`}
    </Link>
  );
}

function WalletChoice({
  wallets,
  address,
  onChoose,
}: Pick<Props, "address" | "onChoose"> & { wallets: Schemas["MeBody"]["wallets"] }) {
  return (
    <select
      aria-label={texts.wallet}
      value={address}
      onChange={(event) => onChoose(event.target.value as Hex)}
      className="h-9 min-w-0 rounded-control border border-control bg-surface px-2 text-ink text-sm"
    >
      {wallets.map((wallet) => (
        <option key={wallet.address} value={wallet.address}>
          {wallet.label ?? shortAddress(wallet.address)}
          {wallet.isPrimary ? ` (${texts.primary})` : ""}
        </option>
      ))}
    </select>
  );
}
