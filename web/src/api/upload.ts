// Uploads with progress. `fetch` does not tell how much of a body is sent, so this is the one request made without it.

import type { Schemas } from "./client.ts";
import { ProblemError } from "./problems.ts";
import { accessToken } from "./session.ts";

export type Media = Schemas["MediaBody"];

const PATH = "/v1/media";

/** Sends a picture. `told` gets the share that is sent, 0 to 1. Throws `ProblemError`. */
export async function upload(file: File, told: (share: number) => void, signal: AbortSignal): Promise<Media> {
  const token = await accessToken(PATH);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", PATH);
    request.responseType = "json";
    if (token !== undefined) request.setRequestHeader("authorization", `Bearer ${token}`);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) told(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(request.response as Media);
      else reject(ProblemError.of(request.response, answerOf(request)));
    });
    request.addEventListener("error", () => reject(ProblemError.unreachable(new Error("The upload was interrupted"))));
    request.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

function answerOf(request: XMLHttpRequest): Response {
  const retry = request.getResponseHeader("retry-after");
  return new Response(null, { status: request.status, headers: retry === null ? {} : { "retry-after": retry } });
}
