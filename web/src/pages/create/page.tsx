// Creates a collection: what it is, a last look at what it costs and where it will be, and the way to its first mint.

import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { api, got, type Hex, type Schemas } from "~/api/client.ts";
import { publishedSetQuery } from "~/api/queries-create.ts";
import { type FirstLook, prepare } from "~/flows/prepare.ts";
import { start } from "~/flows/run.ts";
import { useBegun } from "~/flows/useBegun.ts";
import { FormFailure } from "~/forms/FormFailure.tsx";
import { Review } from "~/forms/Review.tsx";
import { useForm } from "~/forms/useForm.ts";
import { useTitle } from "~/layout/title.ts";
import { readAllowlist } from "~/lib/allowlist.ts";
import { allowlistOf } from "~/lib/merkle.ts";
import { texts } from "~/texts/create.ts";
import { hrefOf } from "~/trade/href.ts";
import { Button, buttonClass } from "~/ui/Button.tsx";
import { toast } from "~/ui/toast.ts";
import { requireSession } from "~/wallet/wallet.ts";
import { check, FRESH, metadataOf, NAMED, requestOf } from "./draft.ts";
import { Preview } from "./Preview.tsx";
import { Sections } from "./Sections.tsx";
import { useItems } from "./useItems.ts";

/** What was shown is what is signed. */
interface Reviewed extends FirstLook<Schemas["PreparedAnswer"]> {
  body: Schemas["PrepareCollectionBody"];
  /** Those whose root the body has. They are published with the collection, not before. */
  addresses: readonly string[];
}

export default function CreatePage() {
  useTitle(texts.title);
  const client = useQueryClient();
  const [reviewed, setReviewed] = useState<Reviewed | null>(null);
  const [made, setMade] = useState<{ chainId: string; contract: string } | null>(null);
  const form = useForm({
    draft: "create",
    fresh: FRESH,
    check,
    named: NAMED,
    async submit(draft) {
      const { chainId, userId } = await requireSession();
      const metadata = metadataOf(draft);
      const set = metadata && (await client.fetchQuery(publishedSetQuery(userId, metadata)));
      const { addresses } = readAllowlist(draft.allowlist);
      const root = addresses.length === 0 ? undefined : allowlistOf(addresses).root;
      const body = requestOf(draft, chainId, set?.metadataSetId, root);
      setReviewed({ body, addresses, ...(await prepare("collection", body)) });
    },
  });
  const items = useItems(form);
  const begin = useBegun("create", ({ chainId, href }) => {
    const contract = href?.split("/").at(-1);
    if (contract !== undefined) setMade({ chainId, contract });
    form.clear();
    window.scrollTo({ top: 0 });
  });

  async function create({ id, body, prepared, addresses }: Reviewed): Promise<void> {
    setReviewed(null);
    await publish(addresses);
    const { chainId, name } = body;
    const contract = prepared.previewAddress;
    const href = contract && hrefOf({ chainId, contract });
    begin(id);
    await start({ id, kind: "collection", chainId, body, title: texts.flow(name), href });
  }

  return (
    <div className="shell py-10">
      <header className="mb-8 max-w-2xl">
        <h1 className="font-semibold text-4xl tracking-tight">{texts.title}</h1>
        <p className="mt-3 text-lg text-muted">{texts.intro}</p>
      </header>
      {made !== null && <Made {...made} />}
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_360px]">
        <form noValidate onSubmit={form.onSubmit} className="flex min-w-0 flex-col gap-6">
          <Sections form={form} items={items} />
          <div className="lg:hidden">
            <Preview draft={form.values} />
          </div>
          <FormFailure failure={form.failure} />
          <div className="flex flex-wrap items-center gap-4">
            <Button type="submit" size="l" busy={form.busy} disabled={items.waiting.length > 0}>
              {form.busy ? texts.review.working : texts.review.button}
            </Button>
            <p className="text-muted text-sm">{items.waiting.length > 0 ? texts.items.waiting : texts.saved}</p>
          </div>
        </form>
        <aside className="hidden lg:sticky lg:top-24 lg:block">
          <Preview draft={form.values} />
        </aside>
      </div>
      {reviewed !== null && (
        <Review
          title={texts.review.title}
          name={reviewed.body.name}
          prepared={reviewed.prepared}
          confirm={texts.review.create}
          onClose={() => setReviewed(null)}
          onConfirm={() => void create(reviewed).catch(toast.error)}
        />
      )}
    </div>
  );
}

/** Publishes the allowlist, if there is one, so that whoever is on it can mint without having it. */
async function publish(addresses: readonly string[]): Promise<void> {
  if (addresses.length > 0) await got(api.POST("/v1/allowlists", { body: { addresses: addresses as Hex[] } }));
}

function Made({ chainId, contract }: { chainId: string; contract: string }) {
  return (
    <div
      role="status"
      className="mb-8 flex flex-wrap items-center justify-between gap-4 rounded-card bg-accent-soft px-6 py-5"
    >
      <p className="font-display font-semibold text-xl">{texts.done.title}</p>
      <div className="flex gap-3">
        <Link to="/mint/$chainId/$contract" params={{ chainId, contract }} className={buttonClass()}>
          {texts.done.mint}
        </Link>
        <Link to="/collections/$chainId/$contract" params={{ chainId, contract }} className={buttonClass("secondary")}>
          {texts.done.look}
        </Link>
      </div>
    </div>
  );
}
