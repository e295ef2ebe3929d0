import { SessionChangedError } from "@steadymint/client";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";

let kept: string | null = null;
vi.stubGlobal("localStorage", { getItem: () => kept });
const { nameQuery } = await import("../src/api/names.ts");
const { api } = await import("../src/api/client.ts");

const ONE = `0x${"a1".repeat(20)}` as const;
const CHAIN = "eip155:1";

function signIn(userId: string): void {
  const more = { accessToken: "a", refreshToken: "r", expiresAt: "2030-01-01T00:00:00Z", address: ONE, chainId: CHAIN };
  kept = JSON.stringify({ userId, ...more });
}

const items = [{ address: ONE, username: "zoe" }];
const asked = vi.spyOn(api, "GET");

beforeEach(() => {
  asked.mockReset();
  asked.mockResolvedValue({ data: { items }, response: new Response() } as never);
});

it("asks for each viewer, and takes no answer that came for another one", async () => {
  const client = new QueryClient();
  signIn("ada");
  const names = await Promise.allSettled(
    ["ada", "bob"].map((viewer) => client.fetchQuery(nameQuery(CHAIN, ONE, viewer))),
  );
  expect(asked).toHaveBeenCalledTimes(2);
  expect(names).toEqual([
    { status: "fulfilled", value: "zoe" },
    { status: "rejected", reason: expect.any(SessionChangedError) },
  ]);
});
