// What the programs ask of a wallet, and one that is an EIP-1193 provider: `window.ethereum`, or a node's own accounts.

export type Hex = `0x${string}`;

export interface Call {
  chainId: number;
  to: Hex;
  data: Hex;
  value: bigint;
  gas: bigint | undefined;
}

export interface Wallet {
  readonly address: Hex;
  sign(message: string): Promise<Hex>;
  send(call: Call): Promise<Hex>;
}

export interface Provider {
  request(call: { method: string; params: readonly unknown[] }): Promise<unknown>;
}

export class ProvidedWallet implements Wallet {
  readonly address: Hex;
  readonly #provider: Provider;

  constructor(provider: Provider, address: Hex) {
    this.#provider = provider;
    this.address = address;
  }

  async sign(message: string): Promise<Hex> {
    const bytes = new TextEncoder().encode(message);
    const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex(await this.#provider.request({ method: "personal_sign", params: [`0x${text}`, this.address] }));
  }

  async send({ to, data, value, gas }: Call): Promise<Hex> {
    const call = { from: this.address, to, data, value: quantity(value), gas: gas && quantity(gas) };
    return hex(await this.#provider.request({ method: "eth_sendTransaction", params: [call] }));
  }
}

/** A node over HTTP that holds keys, as a development chain does. */
export function nodeAt(url: string): Provider {
  return {
    async request(call) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...call });
      const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
      const { result, error } = await answer.json();
      if (error) throw new Error(error.message);
      return result;
    },
  };
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}

function hex(value: unknown): Hex {
  if (typeof value === "string" && isHex(value)) return value;
  throw new Error("The wallet answered with something else than hex");
}

function isHex(text: string): text is Hex {
  return /^0x[0-9a-f]*$/i.test(text);
}
