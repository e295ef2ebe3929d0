import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null });
const { publishedSetQuery } = await import("../src/api/queries-create.ts");
const { metadataOf, FRESH } = await import("../src/pages/create/draft.ts");
const { api } = await import("../src/api/client.ts");

function documentsOf(name: string) {
  const items = [{ key: "1", name, mediaId: "ab" }];
  return metadataOf({ ...FRESH, items } as never) as NonNullable<ReturnType<typeof metadataOf>>;
}

it("publishes what a set says once, however often the collection is reviewed", async () => {
  const body = { metadataSetId: "1" };
  const asked = vi.spyOn(api, "POST").mockResolvedValue({ data: body, response: new Response() } as never);
  const client = new QueryClient();
  for (const name of ["North", "North", "South", "North"]) {
    expect(await client.fetchQuery(publishedSetQuery("me", documentsOf(name)))).toEqual(body);
  }
  expect(asked.mock.calls.map((call) => (call as unknown as [string, { body: unknown }])[1].body)).toEqual([
    documentsOf("North"),
    documentsOf("South"),
  ]);
  await client.fetchQuery(publishedSetQuery("somebody else", documentsOf("North")));
  expect(asked).toHaveBeenCalledTimes(3);
});
