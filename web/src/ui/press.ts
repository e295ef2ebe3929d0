// What has to wait for the end of a click: whatever moves the page in the middle of one takes the button away from
// under it, and the click is lost.

const waiting = new Set<() => void>();
let pressed = false;
let ending: ReturnType<typeof setTimeout> | undefined;

/** Does it at once, or once what is pressed is let go and its click has been told. */
export function afterPress(act: () => void): void {
  if (pressed) waiting.add(act);
  else act();
}

function begin(): void {
  clearTimeout(ending);
  pressed = true;
}

/** The click is told right after the button is let go, before any timer. */
function end(): void {
  clearTimeout(ending);
  ending = setTimeout(() => {
    pressed = false;
    const acts = [...waiting];
    waiting.clear();
    for (const act of acts) act();
  });
}

// A finger presses twice: as a pointer, and then as the mouse that moves the focus.
for (const type of ["pointerdown", "mousedown"]) window.addEventListener(type, begin, { capture: true });
for (const type of ["pointerup", "mouseup", "pointercancel"]) window.addEventListener(type, end, { capture: true });
