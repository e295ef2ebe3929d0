// A proxy in front of the API that cuts connections.

import { connect, createServer } from "node:net";

export interface CuttingProxy {
  url: string;
  /** How many connections it has cut. */
  cuts: number;
  close(): void;
}

/**
 * Passes on what the API at `url` says, and cuts a connection in the middle of the event that it has seen `events`
 * times, so that half an event arrives. `cut` is told of each.
 */
export async function cuttingProxy(url: string, events: number, cut: () => void = () => {}): Promise<CuttingProxy> {
  const { hostname, port } = new URL(url);
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let seen = 0;
    const end = () => [near, far].forEach((socket) => socket.destroy());
    near.pipe(far);
    near.on("error", end).on("close", end);
    far.on("error", end).on("close", end);
    far.on("data", (bytes) => {
      seen += bytes.toString("latin1").split("event: status").length - 1;
      if (seen < events) {
        near.write(bytes);
        return;
      }
      near.write(bytes.subarray(0, bytes.length - 20), end);
      proxy.cuts += 1;
      cut();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port");
  const proxy = { url: `http://127.0.0.1:${address.port}`, cuts: 0, close: () => server.close() };
  return proxy;
}
