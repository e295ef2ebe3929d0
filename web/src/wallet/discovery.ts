// The wallets of this browser, as they announce themselves (EIP-6963).

import { createStore } from "~/lib/store.ts";
import type { Provider } from "./provider.ts";

export interface WalletChoice {
  /** The wallet's reverse domain name, or `local` for the development wallet. */
  id: string;
  name: string;
  /** A data: URL. */
  icon?: string;
  provider: Provider;
}

interface Announcement {
  info: { uuid: string; name: string; icon: string; rdns: string };
  provider: Provider;
}

export const announced = createStore<readonly WalletChoice[]>([]);

let listening = false;

/** Asks wallets to announce themselves. They may also do so later, on their own. */
export function discover(): void {
  if (!listening) {
    listening = true;
    window.addEventListener("eip6963:announceProvider", (event) => {
      const { info, provider } = (event as CustomEvent<Announcement>).detail;
      const icon = info.icon.startsWith("data:image/") ? info.icon : undefined;
      const choice = { id: info.rdns, name: info.name, icon, provider };
      announced.set((known) => [...known.filter((one) => one.id !== info.rdns), choice]);
    });
  }
  window.dispatchEvent(new Event("eip6963:requestProvider"));
}

/** The wallet of that id, once it has announced itself; undefined if it does not within half a second. */
export async function announcedWallet(id: string): Promise<WalletChoice | undefined> {
  discover();
  for (let tries = 0; tries < 10; tries++) {
    const found = announced.get().find((one) => one.id === id);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}
