// What the clients share: addresses, headers, and uploads by the multipart specification, which urql alone brings.

export const httpOf = (api) => `${api}/graphql`;
export const socketOf = (api) => `${api.replace(/^http/, "ws")}/graphql`;
export const headersOf = (token) => (token ? { authorization: `Bearer ${token}` } : {});

export async function uploaded(api, token, query, files) {
  const form = new FormData();
  form.set("operations", JSON.stringify({ query, variables: { files: files.map(() => null) } }));
  form.set("map", JSON.stringify(Object.fromEntries(files.map((_, at) => [at, [`variables.files.${at}`]]))));
  files.forEach((file, at) => form.set(`${at}`, file));
  const headers = { ...headersOf(token), "graphql-require-preflight": "1" };
  const answer = await fetch(httpOf(api), { method: "POST", headers, body: form });
  return dataOf(await answer.json());
}

export function dataOf({ data, errors }) {
  if (errors) throw new Error(errors.map((one) => `${one.extensions?.code}: ${one.message}`).join("; "));
  return data;
}

/** The values of a subscription that is given callbacks, as they come. */
export async function* valuesOf(subscribe) {
  const values = [];
  let wake;
  let ended = false;
  let failure;
  const woken = () => wake?.();
  const leave = subscribe({
    next: (value) => (values.push(value), woken()),
    error: (error) => ((failure = error), woken()),
    complete: () => ((ended = true), woken()),
  });
  try {
    while (true) {
      while (values.length) yield values.shift();
      if (failure) throw failure;
      if (ended) return;
      await new Promise((resolve) => (wake = resolve));
    }
  } finally {
    leave();
  }
}
