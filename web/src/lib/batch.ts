// Asks at once for what many parts of a page ask for in the same moment.

interface Waiting<K, V> {
  key: K;
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
  let waiting: Waiting<K, V>[] = [];

  async function answer(asked: Waiting<K, V>[]): Promise<void> {
    try {
      const found = await ask([...new Set(asked.map((one) => one.key))]);
      for (const one of asked) one.resolve(found.get(one.key));
    } catch (error) {
      for (const one of asked) one.reject(error);
    }
  }

  function send(): void {
    const all = waiting;
    waiting = [];
    for (let first = 0; first < all.length; first += most) void answer(all.slice(first, first + most));
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setTimeout(send);
      waiting.push({ key, resolve, reject });
    });
}
