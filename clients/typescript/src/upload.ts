// Uploads of pictures, with progress.

import type { Client } from "./client.ts";
import { errorOf, read } from "./problems.ts";
import type { Abortable, Media } from "./types.ts";

export interface UploadOptions extends Abortable {
  /** Hears how many bytes have left, and of how many. */
  onProgress?: ((loaded: number, total: number) => void) | undefined;
}

/** Uploads a file. The same file is the same media. Throws `ProblemError`. */
export async function upload(client: Client, file: Blob, options: UploadOptions = {}): Promise<Media> {
  const { onProgress, signal } = options;
  if (onProgress && typeof XMLHttpRequest !== "undefined") return await uploadByXhr(client, file, options);
  const media = await read(
    client.api.POST("/v1/media", { body: { file }, bodySerializer: () => formOf(file), ...(signal && { signal }) }),
  );
  onProgress?.(file.size, file.size);
  return media;
}

function formOf(file: Blob): FormData {
  const form = new FormData();
  form.set("file", file);
  return form;
}

/** Of all that a browser has, only this tells how much of a request has left. */
async function uploadByXhr(client: Client, file: Blob, options: UploadOptions): Promise<Media> {
  const used = await client.session.usable();
  const response = await sendByXhr(client, file, used?.accessToken, options);
  if (response.status !== 401 || !used) return await mediaOf(response);
  const next = await client.session.renewed(used);
  return await mediaOf(next ? await sendByXhr(client, file, next.accessToken, options) : response);
}

async function mediaOf(response: Response): Promise<Media> {
  const document: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(response, document);
  return document as Media;
}

function sendByXhr(client: Client, file: Blob, token: string | undefined, options: UploadOptions): Promise<Response> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("POST", `${client.baseUrl}/v1/media`);
    if (token) request.setRequestHeader("authorization", `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(Math.min(loaded, total), total);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status, headers: headersOf(request) }));
    request.onerror = () => reject(new TypeError("The upload was cut off"));
    request.onabort = () => reject(signal?.reason ?? new DOMException("Aborted", "AbortError"));
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    signal?.addEventListener("abort", abort, { once: true });
    request.send(formOf(file));
  });
}

function headersOf(request: XMLHttpRequest): Headers {
  const lines = request.getAllResponseHeaders().trim().split(/\r?\n/);
  return new Headers(lines.filter(Boolean).map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
}
