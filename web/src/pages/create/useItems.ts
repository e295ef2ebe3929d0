// The pictures of a collection: sent one after another, so that they keep the order in which they were chosen.

import { newUuid } from "@steadymint/client";
import { useEffect, useRef, useState } from "react";

import { adviceOn } from "~/api/problems.ts";
import type { Form } from "~/forms/useForm.ts";
import { sendPicture, wrongFile } from "~/forms/useUpload.ts";
import type { Draft } from "./draft.ts";
import { MAX_ITEMS } from "./draft.ts";

/** A file that is not taken yet. */
export interface Waiting {
  key: string;
  file: File;
  preview: string;
  /** 0 to 1. */
  share: number;
  /** Why it was not taken. */
  refused?: string;
}

export function useItems(form: Form<Draft>) {
  const [waiting, setWaiting] = useState<readonly Waiting[]>([]);
  const [full, setFull] = useState(false);
  const ending = useRef(new AbortController());
  const queue = useRef<Waiting[]>([]);
  const busy = useRef(false);

  useEffect(() => {
    const controller = new AbortController(); // React may mount a component twice
    ending.current = controller;
    return () => controller.abort();
  }, []);

  function change(key: string, what: Partial<Waiting>): void {
    setWaiting((all) => all.map((one) => (one.key === key ? { ...one, ...what } : one)));
  }

  function drop(one: Waiting): void {
    queue.current = queue.current.filter(({ key }) => key !== one.key);
    setWaiting((all) => all.filter(({ key }) => key !== one.key));
    URL.revokeObjectURL(one.preview);
  }

  async function work(): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    for (let one = queue.current.shift(); one !== undefined; one = queue.current.shift()) await send(one);
    busy.current = false;
  }

  async function send(one: Waiting): Promise<void> {
    const { key, file } = one;
    try {
      const picture = await sendPicture(file, (share) => change(key, { share }), ending.current.signal);
      form.change((values) => ({ ...values, items: [...values.items, { ...picture, name: nameOf(file) }] }));
      drop(one);
    } catch (error) {
      if (ending.current.signal.aborted) return;
      const { title, advice } = adviceOn(error);
      change(key, { refused: `${title}. ${advice}` });
    }
  }

  function enqueue(more: readonly Waiting[]): void {
    queue.current.push(...more.filter(({ refused }) => refused === undefined));
    void work();
  }

  return {
    waiting,
    /** More were chosen than there is room for. */
    full,
    take(files: readonly File[]) {
      const room = MAX_ITEMS - form.values.items.length - waiting.length;
      setFull(files.length > room);
      const more = files.slice(0, Math.max(room, 0)).map((file) => ({
        key: newUuid(),
        file,
        preview: URL.createObjectURL(file),
        share: 0,
        refused: wrongFile(file),
      }));
      setWaiting((all) => [...all, ...more]);
      enqueue(more);
    },
    again(one: Waiting) {
      change(one.key, { refused: undefined, share: 0 });
      enqueue([{ ...one, refused: undefined }]);
    },
    drop,
  };
}

/** `north_pier-2.png` -> `north pier 2`. */
function nameOf(file: File): string {
  return file.name
    .replace(/\.[^.]+$/, "")
    .replace(/[_-]+/g, " ")
    .trim();
}
