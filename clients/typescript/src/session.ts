// Where a session is kept, and how its tokens are renewed: once, whoever asks, in whichever tab.

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
      const text = storage.getItem(key);
      return text === null ? undefined : (JSON.parse(text) as Session);
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

  /** `renew` trades a refresh token for a session; undefined if the session has ended. */
  constructor(store: SessionStore, renew: Renew) {
    this.#store = store;
    this.#renew = renew;
  }

  async current(): Promise<Session | undefined> {
    return await this.#store.load();
  }

  async set(session: Session | undefined): Promise<void> {
    await this.#store.save(session);
    for (const listener of this.#listeners) listener(session);
  }

  /** Tells of each session that begins, is renewed or ends in this tab. Returns what ends the telling. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An access token that is good for a while; undefined without a session. */
  async token(): Promise<string | undefined> {
    const session = await this.current();
    if (!session) return undefined;
    if (Date.parse(session.expiresAt) - EARLY > Date.now()) return session.accessToken;
    return (await this.renewed(session.accessToken))?.accessToken;
  }

  /**
   * The session after the one of `accessToken`, which was refused or is about to end. All who ask while it is renewed
   * get the same one. A second use of a refresh token would end the session, so other tabs are locked out.
   */
  renewed(accessToken: string): Promise<Session | undefined> {
    this.#renewing ??= this.#alone(() => this.#next(accessToken)).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #next(accessToken: string): Promise<Session | undefined> {
    const session = await this.current();
    if (!session || session.accessToken !== accessToken) return session; // somebody else was first
    const next = await this.#renew(session.refreshToken);
    await this.set(next);
    return next;
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = globalThis.navigator?.locks;
    const name = this.#store.lock;
    return locks && name ? await locks.request(name, work) : await work();
  }
}
