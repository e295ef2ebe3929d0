/** Puts a text into the clipboard; false if the browser does not allow it. To be called by a click. */
export async function copyText(text: string): Promise<boolean> {
  // Over plain http, but for localhost, there is no such member, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return copyByCommand(text);
  try {
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The old way, which works on any page. It asks whoever listens what is to be copied. */
function copyByCommand(text: string): boolean {
  let taken = false;
  const give = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.clipboardData?.setData("text/plain", text);
    taken = true;
  };
  document.addEventListener("copy", give, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", give);
  return done && taken;
}
