// The client with all that it can do as methods. Who wants a smaller bundle takes `createClient` and single functions.

import * as actions from "./actions.ts";
import { type Client, type ClientOptions, createClient } from "./client.ts";
import { follow, followOrders } from "./follow.ts";
import { listItem, makeOffer, placeOrders } from "./orders.ts";
import { items, pages } from "./pages.ts";
import { linkWallet, signIn, signOut } from "./sign-in.ts";
import { upload } from "./upload.ts";

export type Steadymint = ReturnType<typeof createSteadymint>;

export function createSteadymint(options: ClientOptions) {
  const client: Client = createClient(options);

  function method<Rest extends unknown[], Answer>(call: (client: Client, ...rest: Rest) => Answer) {
    return (...rest: Rest): Answer => call(client, ...rest);
  }

  return {
    ...client,
    signIn: method(signIn),
    signOut: method(signOut),
    linkWallet: method(linkWallet),
    createCollection: method(actions.createCollection),
    mint: method(actions.mint),
    airdrop: method(actions.airdrop),
    approve: method(actions.approve),
    purchase: method(actions.purchase),
    sale: method(actions.sale),
    cancel: method(actions.cancel),
    launchToken: method(actions.launchToken),
    listItem: method(listItem),
    makeOffer: method(makeOffer),
    placeOrders: method(placeOrders),
    follow: method(follow),
    followOrders: method(followOrders),
    upload: method(upload),
    pages: method(pages),
    items: method(items),
  };
}
