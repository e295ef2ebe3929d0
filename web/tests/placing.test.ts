import { beforeEach, expect, it, vi } from "vitest";

vi.stubGlobal("window", { addEventListener: () => undefined });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });

/** What the wallet has been asked to sign, each with the signal under which it was. */
const asked: { signal: AbortSignal; sign(): void }[] = [];
let approvals: object[] = [];
let approval = {};

vi.mock("@steadymint/client", async (original) => ({
  ...(await original<object>()),
  placeOrders: (_client: unknown, _wallet: unknown, _wishes: unknown, { signal }: { signal: AbortSignal }) => ({
    async outcome() {
      await new Promise<void>((sign) => asked.push({ signal, sign }));
      signal.throwIfAborted(); // as the client does before it hands an order in
      return { status: "placed", orders: [{ findings: [] }] };
    },
  }),
}));
vi.mock("../src/api/client.ts", () => ({
  api: { POST: async () => ({ approvals }) },
  client: {},
  got: (answer: unknown) => answer,
}));
vi.mock("../src/flows/run.ts", () => ({
  flows: { get: () => [] },
  start: async () => approval,
  run: async () => approval,
}));
vi.mock("../src/query-client.ts", () => ({ queryClient: { invalidateQueries: async () => undefined } }));
vi.mock("../src/wallet/wallet.ts", () => ({
  requireSession: async () => ({ address: "0x0b" }),
  walletOn: () => ({}),
}));
const { placed } = await import("../src/trade/placing.ts");
const { texts } = await import("../src/texts.ts");

const WANTED = { chainId: "eip155:31337", wish: { kind: "list" }, href: "/" } as never;
const quiet = () => undefined;

beforeEach(() => {
  asked.length = 0;
  approvals = [];
});

it("places one order, though its dialog was closed and the button pressed again while the wallet asks", async () => {
  const closed = new AbortController();
  const first = expect(placed(WANTED, quiet, closed.signal)).rejects.toThrow(/abort/i);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  closed.abort();
  const phases: string[] = [];
  const second = placed(WANTED, ({ phase }) => phases.push(phase), new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).toHaveLength(1);
  expect(phases).toEqual(["waiting"]);
  asked[0]?.sign();
  await first;
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]?.sign();
  expect(await second).toEqual([]);
});

it("says that another tab asks for the approval", async () => {
  approvals = [{ kind: "nft", contract: "0x0a", spender: "0x0c" }];
  approval = { phase: "asking", steps: [] };
  const told: object[] = [];
  expect(await placed(WANTED, (state) => told.push(state), new AbortController().signal)).toBeNull();
  expect(told.at(-1)).toEqual({ phase: "idle", trouble: texts.trade.elsewhere });
});
