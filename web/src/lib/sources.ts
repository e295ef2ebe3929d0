// The sizes in which our own store has a picture, for `srcset`.

/** The widths that the store makes by default. Of one that it has not, it gives the next, or the original. */
const WIDTHS = [64, 256, 512, 1024];
const OURS = /^\/(ipfs|media)\//;

/** The picture in several widths; undefined for one that is not ours, whose server has one only. */
export function sourcesOf(src: string, page = window.location.href): string | undefined {
  if (!URL.canParse(src, page)) return undefined;
  const url = new URL(src, page);
  if (url.origin !== new URL(page).origin || !OURS.test(url.pathname) || url.search !== "") {
    return undefined;
  }
  return WIDTHS.map((width) => `${url.pathname}?width=${width} ${width}w`).join(", ");
}
