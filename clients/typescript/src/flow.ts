// A flow: something that goes through several steps. Iterate over its events, or wait for its outcome.

export interface Done<O> {
  type: "done";
  outcome: O;
}

/**
 * Begins when it is iterated, and goes on when the next event is asked for: a page that waits between two events holds
 * the flow there, and one that stops iterating ends it. To be used once.
 */
export class Flow<E extends { type: string }, O> implements AsyncIterable<E | Done<O>> {
  readonly #run: () => AsyncGenerator<E, O>;

  constructor(run: () => AsyncGenerator<E, O>) {
    this.#run = run;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<E | Done<O>, void> {
    const outcome = yield* this.#run();
    yield { type: "done", outcome };
  }

  /** Goes through all steps. `told` hears of each event on the way. */
  async outcome(told?: (event: E) => void): Promise<O> {
    const running = this.#run();
    for (;;) {
      const { done, value } = await running.next();
      if (done) return value;
      told?.(value);
    }
  }
}
