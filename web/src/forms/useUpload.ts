// One upload at a time, with its progress and a preview.

import { upload } from "@steadymint/client";
import { useEffect, useRef, useState } from "react";

import { client } from "~/api/client.ts";
import { adviceOn } from "~/api/problems.ts";
import { texts } from "~/texts/forms.ts";
import { requireSession } from "~/wallet/wallet.ts";

/** A picture that the API has taken. */
export interface Picture {
  mediaId: string;
  url: string;
}

export const ACCEPTED = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"];
const MEBIBYTE = 1024 * 1024;
const MAX_BYTES = 50 * MEBIBYTE;

/** Why a file is not even sent, in a sentence. */
export function wrongFile(file: File): string | undefined {
  if (file.type !== "" && !ACCEPTED.includes(file.type)) return texts.picture.kind(file.name);
  return file.size > MAX_BYTES ? texts.picture.size(MAX_BYTES / MEBIBYTE) : undefined;
}

/** Sends a file for whoever is signed in, and asks a visitor to sign in first. */
export async function sendPicture(file: File, told: (share: number) => void, signal: AbortSignal): Promise<Picture> {
  await requireSession();
  const onProgress = (loaded: number, total: number): void => told(total === 0 ? 1 : loaded / total);
  const { mediaId, url } = await upload(client, file, { onProgress, signal });
  return { mediaId, url: new URL(url, window.location.href).pathname };
}

interface Uploading {
  /** 0 to 1; null while nothing is sent. */
  share: number | null;
  /** Of the file that is on its way. */
  preview: string | null;
  /** What is wrong with the last file. */
  refused: string | undefined;
  take(file: File | undefined): void;
}

export function useUpload(taken: (picture: Picture) => void): Uploading {
  const [sending, setSending] = useState<{ share: number; preview: string } | null>(null);
  const [refused, setRefused] = useState<string>();
  const current = useRef<AbortController | null>(null);
  const url = useRef<string | null>(null);

  useEffect(
    () => () => {
      current.current?.abort();
      if (url.current !== null) URL.revokeObjectURL(url.current);
    },
    [],
  );

  async function send(file: File): Promise<void> {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    const preview = URL.createObjectURL(file);
    url.current = preview;
    setRefused(undefined);
    setSending({ share: 0, preview });
    try {
      taken(await sendPicture(file, (share) => setSending({ share, preview }), controller.signal));
    } catch (error) {
      if (controller.signal.aborted) return;
      const { title, advice } = adviceOn(error);
      setRefused(`${title}. ${advice}`);
    } finally {
      URL.revokeObjectURL(preview);
      if (current.current === controller) setSending(null);
    }
  }

  return {
    share: sending?.share ?? null,
    preview: sending?.preview ?? null,
    refused,
    take(file) {
      if (file === undefined) return;
      const wrong = wrongFile(file);
      setRefused(wrong);
      if (wrong === undefined) void send(file);
    },
  };
}
