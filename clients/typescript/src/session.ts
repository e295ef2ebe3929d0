// Where a session is kept, and how its tokens are renewed: once, whoever asks, in whichever tab.

import { SessionChangedError } from "./problems.ts";
import type { Session } from "./types.ts";

/** Keeps one session. */
export interface SessionStore {
  load(): Session | undefined | Promise<Session | undefined>;
  /** `undefined` forgets it. */
  save(session: Session | undefined): void | Promise<void>;
  /** Names what is shared with other tabs, so that only one of them renews the tokens. */
  readonly lock?: string;
}

/** A session that is gone when the page is. */
export function memorySession(session?: Session): SessionStore {
  return {
    load: () => session,
    save(next) {
      session = next;
    },
  };
}

/** A session in `localStorage` or `sessionStorage`, which all tabs share. */
export function webSession(storage: Storage, key = "steadymint.session"): SessionStore {
  return {
    lock: key,
    load() {
      try {
        return (JSON.parse(storage.getItem(key) ?? "null") as Session | null) ?? undefined;
      } catch {
        return undefined; // what is damaged is no session
      }
    },
    save(session) {
      if (session) storage.setItem(key, JSON.stringify(session));
      else storage.removeItem(key);
    },
  };
}

/** Milliseconds before its end at which an access token is renewed, so that it does not end on its way. */
const EARLY = 30_000;

type Listener = (session: Session | undefined) => void;
type Renew = (refreshToken: string) => Promise<Session | undefined>;

/** The session of one client. */
export class SessionKeeper {
  readonly #store: SessionStore;
  readonly #renew: Renew;
  readonly #listeners = new Set<Listener>();
  #renewing: Promise<Session | undefined> | undefined;
  /** The last work that was given to `#alone`, settled or not. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  /** `renew` trades a refresh token for a session; undefined if the session has ended. */
  constructor(store: SessionStore, renew: Renew) {
    this.#store = store;
    this.#renew = renew;
  }

  async current(): Promise<Session | undefined> {
    return await this.#store.load();
  }

  /** Begins or ends a session. Waits for a renewal that is under way, which would overwrite it. */
  async set(session: Session | undefined): Promise<void> {
    await this.#alone(() => this.#save(session));
  }

  /** Ends the session of this user, and none of somebody else who has signed in meanwhile. Waits as `set` does. */
  async forget(userId: string): Promise<void> {
    await this.#alone(async () => {
      if ((await this.current())?.userId === userId) await this.#save(undefined);
    });
  }

  /** Tells of each session that begins, is renewed or ends in this tab. Returns what ends the telling. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A session whose access token is good for a while. Throws `SessionChangedError`. */
  async usable(): Promise<Session | undefined> {
    const session = await this.current();
    if (!session || Date.parse(session.expiresAt) - EARLY > Date.now()) return session;
    const same = await this.pinned();
    const next = await this.renewed(session);
    if (!next) await same();
    return next;
  }

  /**
   * The session after one whose access token was refused or is about to end; undefined if it has ended, also where
   * somebody else has signed in. All who ask while it is renewed get the same one. A second use of a refresh token would
   * end the session, so other tabs are locked out.
   */
  async renewed(session: Session): Promise<Session | undefined> {
    this.#renewing ??= this.#alone(() => this.#next(session.accessToken)).finally(() => {
      this.#renewing = undefined;
    });
    const next = await this.#renewing;
    return next?.userId === session.userId ? next : undefined;
  }

  /** Notes whose session it is. The function that it returns throws `SessionChangedError` where that is somebody else. */
  async pinned(): Promise<() => Promise<void>> {
    const user = (await this.current())?.userId;
    return async () => {
      const session = await this.current();
      if (session && session.userId !== user) throw new SessionChangedError();
    };
  }

  async #next(accessToken: string): Promise<Session | undefined> {
    const session = await this.current();
    if (!session || session.accessToken !== accessToken) return session; // somebody else was first
    const next = await this.#renew(session.refreshToken);
    const stored = await this.current();
    if (stored?.accessToken !== accessToken) return stored; // it was replaced or forgotten meanwhile
    await this.#save(next);
    return next;
  }

  async #save(session: Session | undefined): Promise<void> {
    await this.#store.save(session);
    for (const listener of this.#listeners) listener(session);
  }

  /** Does the work while no other is done, of this tab and of those that share the store. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = globalThis.navigator?.locks;
    const name = this.#store.lock;
    const done = this.#last.then(async () => (locks && name ? await locks.request(name, work) : await work()));
    this.#last = done.catch(() => {});
    return done;
  }
}
