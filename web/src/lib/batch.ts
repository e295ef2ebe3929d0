// Asks at once for what many parts of a page ask for in the same moment.

interface Waiting<V> {
  resolve: (value: V | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * A function that answers one key. `ask` gets all keys that were asked for in one turn of the event loop, each once, at
 * most `most` at a time, and answers those that it knows.
 */
export function batched<K, V>(
  ask: (keys: K[]) => Promise<Map<K, V>>,
  most: number,
): (key: K) => Promise<V | undefined> {
  let waiting = new Map<K, Waiting<V>[]>();

  async function answer(asked: [K, Waiting<V>[]][]): Promise<void> {
    try {
      const found = await ask(asked.map(([key]) => key));
      for (const [key, those] of asked) for (const one of those) one.resolve(found.get(key));
    } catch (error) {
      for (const one of asked.flatMap(([, those]) => those)) one.reject(error);
    }
  }

  function send(): void {
    const all = [...waiting];
    waiting = new Map();
    for (let first = 0; first < all.length; first += most) void answer(all.slice(first, first + most));
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) setTimeout(send);
      waiting.set(key, [...(waiting.get(key) ?? []), { resolve, reject }]);
    });
}
