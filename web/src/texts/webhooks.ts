// The words of the settings' webhooks.

import type { Schemas } from "~/api/client.ts";

type EventName = Schemas["EventName"];

const names: Record<EventName, string> = {
  "auth.user_logged_in": "Somebody signed in as you",
  "wallet.linked": "A wallet was linked",
  "wallet.unlinked": "A wallet was unlinked",
  "wallet.primary_changed": "Another wallet is the main one",
  "collections.events created": "A collection was created",
  "collections.domain upserted": "A collection has changed",
  "mints.events minted": "Tokens were minted",
  "mints.domain upserted": "Minted tokens are in the catalog",
  "orders.events changed": "An order has changed",
  "transfers.events transferred": "Tokens were sent",
  "sales.events sold": "Tokens were sold",
  "tokens.events launched": "A token was launched",
  "intents.events stepped": "A transaction has gone on",
  "webhook.paused": "A webhook was paused",
  "webhook.test": "A test",
};

/** Those that may be asked for; a test comes in any case. */
export const EVENTS = (Object.keys(names) as EventName[]).filter((name) => name !== "webhook.test");

export const texts = {
  intro: "We send what happens to you to an address of yours, signed, each event until it is taken.",
  none: "No webhooks yet.",
  add: "Add a webhook",
  create: "Add it",
  url: "Address",
  urlHint: "It begins with https:// and is reached from the internet.",
  description: "What it is for",
  events: "Events",
  eventsHint: "All of them, if you choose none.",
  everything: "All events",
  names,
  active: "Active",
  failing: "Takes nothing since",
  paused: {
    owner: "Paused",
    unreachable: "Paused: it took nothing for three days",
    gone: "Paused: it says it is gone",
  },
  pause: "Pause",
  resume: "Resume",
  test: "Send a test",
  tested: (number: number) => `Test ${number} is on its way`,
  end: "Delete",
  endOf: (url: string) => `Delete ${url}`,
  ended: "The webhook is deleted",
  sure: "Delete this webhook?",
  sureAbout: "It gets no further events, and what was not taken yet is lost.",
  overlap: "The secret before this one signs as well and ends",
  secret: {
    title: "The webhook's secret",
    once: "Keep it now: it is shown this once. With it your program checks that events come from us.",
    kept: "I have kept it",
    notCopied: "The browser did not let us copy it. Mark the text above and copy it yourself.",
  },
  rotate: {
    title: "A new secret",
    button: "New secret",
    about: "For 24 hours the old one signs as well, so that your program can change over.",
    lost: "The answer did not come, so a new secret may have been made that you have not seen. Ask for one once more.",
    stolen: "The old one was stolen: it is worth nothing at once.",
  },
  deliveries: {
    title: "Deliveries",
    table: "What has come of its events, the newest first",
    onlyDead: "Only those that were given up",
    none: "Nothing was sent yet.",
    noneDead: "Nothing was given up.",
    number: "Number",
    event: "Event",
    state: "State",
    when: "When",
    action: "Action",
    states: { pending: "Waiting", delivered: "Taken", dead: "Given up" },
    tries: (count: number, why: string | undefined) => {
      const tried = count === 1 ? "1 try" : `${count} tries`;
      return why === undefined ? tried : `${tried}, last: ${why}`;
    },
    again: "Send again",
    againOf: (number: number) => `Send ${number} again`,
    replayDead: "Send again what was given up",
    replayed: (count: number) =>
      count === 0
        ? "There is nothing to send again"
        : count === 1
          ? "1 event is sent again"
          : `${count} events are sent again`,
  },
  wrong: { url: "Write an address such as https://shop.example/events." },
};
