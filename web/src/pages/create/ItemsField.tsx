// The artwork: pictures with their names, in the order of their token ids.

import { useId, useState } from "react";

import { Progress } from "~/forms/PictureField.tsx";
import type { Form } from "~/forms/useForm.ts";
import { ACCEPTED } from "~/forms/useUpload.ts";
import { classes } from "~/lib/classes.ts";
import { texts } from "~/texts/create.ts";
import { IconButton } from "~/ui/Button.tsx";
import { CloseIcon, PlusIcon } from "~/ui/icons.tsx";
import { type Draft, type Item, MAX_ITEMS } from "./draft.ts";
import type { useItems, Waiting } from "./useItems.ts";

const WORDS = texts.items;

export function ItemsField({ form, items }: { form: Form<Draft>; items: ReturnType<typeof useItems> }) {
  const id = useId();
  const [over, setOver] = useState(false);
  const wrong = form.wrongWith("items");
  const hint = form.values.standard === "erc721" ? WORDS.hint(MAX_ITEMS) : WORDS.editionHint(MAX_ITEMS);

  function rename(place: number, name: string): void {
    form.set(
      "items",
      form.values.items.map((item, index) => (index === place ? { ...item, name } : item)),
    );
  }

  return (
    <div className="flex flex-col gap-3">
      <p id={`${id}-hint`} className="text-muted text-sm">
        {hint}
      </p>
      <ol className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-4">
        {form.values.items.map((item, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the token id, and a picture may be there twice
          <li key={`${item.mediaId}-${place}`}>
            <Taken
              item={item}
              place={place + 1}
              wrong={wrong === undefined ? undefined : `${id}-wrong`}
              onRename={(name) => rename(place, name)}
              onRemove={() =>
                form.set(
                  "items",
                  form.values.items.filter((_, index) => index !== place),
                )
              }
            />
          </li>
        ))}
        {items.waiting.map((one) => (
          <li key={one.key}>
            <Underway one={one} onAgain={() => items.again(one)} onDrop={() => items.drop(one)} />
          </li>
        ))}
        <li>
          <label
            className={classes(
              "grid aspect-square cursor-pointer place-items-center rounded-card border-2 border-dashed text-center transition-colors",
              "has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2",
              over
                ? "border-accent bg-accent-soft"
                : wrong
                  ? "border-danger bg-sunken"
                  : "border-control bg-sunken hover:border-ink",
            )}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              items.take([...event.dataTransfer.files]);
            }}
          >
            <span className="flex flex-col items-center gap-1 text-sm">
              <PlusIcon />
              {WORDS.add}
            </span>
            <input
              type="file"
              name="items"
              multiple
              accept={ACCEPTED.join(",")}
              className="sr-only"
              aria-invalid={wrong !== undefined || undefined}
              aria-describedby={`${id}-hint ${id}-wrong`}
              onChange={(event) => {
                items.take([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
          </label>
        </li>
      </ol>
      <p id={`${id}-wrong`} role="alert" className="text-danger text-sm empty:hidden">
        {wrong ?? (items.full ? WORDS.full(MAX_ITEMS) : "")}
      </p>
    </div>
  );
}

interface TakenProps {
  item: Item;
  place: number;
  /** The id of the sentence about a name that is missing, once it is shown. */
  wrong?: string;
  onRename(name: string): void;
  onRemove(): void;
}

function Taken({ item, place, wrong, onRename, onRemove }: TakenProps) {
  return (
    <div className="group overflow-hidden rounded-card border border-line bg-surface">
      <div className="relative aspect-square bg-sunken">
        <img src={item.url} alt="" className="absolute inset-0 size-full object-cover" />
        <span className="figures absolute top-2 left-2 rounded-md bg-surface px-1.5 py-0.5 font-medium text-xs">
          #{place}
        </span>
        <IconButton
          label={WORDS.remove(item.name)}
          className="absolute top-1.5 right-1.5 size-8 bg-surface"
          onClick={onRemove}
        >
          <CloseIcon className="size-4" />
        </IconButton>
      </div>
      <input
        value={item.name}
        aria-label={WORDS.name(place)}
        aria-invalid={(wrong !== undefined && item.name.trim() === "") || undefined}
        aria-describedby={wrong}
        className="w-full bg-transparent px-3 py-2.5 text-sm focus-visible:-outline-offset-2 aria-invalid:bg-danger-soft"
        onChange={(event) => onRename(event.target.value)}
      />
    </div>
  );
}

function Underway({ one, onAgain, onDrop }: { one: Waiting; onAgain(): void; onDrop(): void }) {
  return (
    <div className="relative aspect-square overflow-hidden rounded-card border border-line bg-sunken">
      <img src={one.preview} alt="" className="absolute inset-0 size-full object-cover opacity-50" />
      <IconButton
        label={WORDS.remove(one.file.name)}
        className="absolute top-1.5 right-1.5 size-8 bg-surface"
        onClick={onDrop}
      >
        <CloseIcon className="size-4" />
      </IconButton>
      {one.refused === undefined ? (
        <Progress share={one.share} label={one.file.name} />
      ) : (
        <div role="alert" className="absolute inset-x-0 bottom-0 bg-danger-soft px-3 py-2 text-danger text-xs">
          <p>{one.refused}</p>
          <button type="button" className="mt-1 font-medium underline" onClick={onAgain}>
            {WORDS.again(one.file.name)}
          </button>
        </div>
      )}
    </div>
  );
}
