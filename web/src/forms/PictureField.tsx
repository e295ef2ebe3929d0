// A picture: chosen or dropped, shown at once, uploaded with progress. The form holds what the API made of it.

import { type DragEvent, useId, useState } from "react";

import { classes } from "~/lib/classes.ts";
import { texts } from "~/texts/forms.ts";
import { Bar } from "./Bar.tsx";
import type { Form } from "./useForm.ts";
import { ACCEPTED, type Picture, useUpload } from "./useUpload.ts";

const SHAPES = {
  square: "aspect-square w-40 rounded-card",
  wide: "aspect-[3/1] max-h-40 w-full rounded-card",
  round: "aspect-square w-28 rounded-full",
};

interface Props<T extends object, K extends keyof T & string> {
  form: Form<T>;
  name: K;
  label: string;
  hint?: string;
  shape: keyof typeof SHAPES;
}

export function PictureField<T extends object, K extends keyof T & string>({
  form,
  name,
  label,
  hint,
  shape,
}: Props<T, K>) {
  const id = useId();
  const [over, setOver] = useState(false);
  const { share, preview, refused, take } = useUpload((picture) => form.set(name, picture as T[K]));
  const picture = form.values[name] as Picture | null;
  const wrong = refused ?? form.wrongWith(name);
  const shown = preview ?? picture?.url;

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  }

  return (
    <div className="flex flex-col items-start gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut of the input inside */}
      <div
        className={classes(
          "relative grid place-items-center overflow-hidden border-2 border-dashed bg-sunken transition-colors",
          "focus-within:outline-2 focus-within:outline-accent focus-within:outline-offset-2",
          SHAPES[shape],
          over ? "border-accent bg-accent-soft" : wrong ? "border-danger" : "border-control hover:border-ink",
        )}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {shown === undefined ? (
          <span className="px-3 text-center text-muted text-sm">
            {shape === "round" ? texts.picture.choose : texts.picture.drop}
          </span>
        ) : (
          <img src={shown} alt={texts.picture.preview(label)} className="absolute inset-0 size-full object-cover" />
        )}
        <input
          id={id}
          name={name}
          type="file"
          accept={ACCEPTED.join(",")}
          aria-invalid={wrong !== undefined || undefined}
          aria-describedby={`${id}-notes`}
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = ""; // the same file may be chosen again
          }}
        />
        {share !== null && <Progress share={share} label={label} />}
      </div>
      <div id={`${id}-notes`} className="text-sm">
        {hint !== undefined && <p className="text-muted">{hint}</p>}
        <p role="alert" className={classes("text-danger", wrong === undefined && "hidden")}>
          {wrong}
        </p>
      </div>
      {picture !== null && share === null && (
        <button
          type="button"
          className="text-accent text-sm underline underline-offset-2"
          onClick={() => form.set(name, null as T[K])}
        >
          {texts.picture.remove(label)}
        </button>
      )}
    </div>
  );
}

/** While the bytes are on their way, how many of them; then that the API is at work. */
export function Progress({ share, label }: { share: number; label: string }) {
  const percent = Math.round(share * 100);
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-0 bg-surface px-3 py-2">
      <p className="mb-1 text-xs">{share < 1 ? texts.picture.sending(percent) : texts.picture.reading}</p>
      <Bar label={texts.picture.progress(label)} value={percent} max={100} />
    </div>
  );
}
