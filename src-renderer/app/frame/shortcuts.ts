import { chordOf, hasModifier } from "../commands/keys.ts";
import type { App } from "../context.ts";

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1_200;

// Keys that mean something of their own inside these; a chord with a modifier still gets through.
const OWN_KEYS = "input, textarea, select, [contenteditable=true], [role=menu], [role=listbox]";
// Arrows, Enter and Space move within these widgets.
const OWN_ARROWS = "button, a[href], [role=tab], [role=slider], [role=grid], [role=tree]";
const WIDGET_KEYS = new Set(["Enter", "Space", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

function isTaken(target: EventTarget | null, chord: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(OWN_KEYS) !== null) return chord !== "Escape";
  return WIDGET_KEYS.has(chord) && target.closest(OWN_ARROWS) !== null;
}

/** Runs commands by their keys, anywhere in the window. Returns what takes the listener away. */
export function listenForShortcuts(app: App, mac: boolean): () => void {
  let begun = "";
  let begunAtMs = 0;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOf(event, mac);
    if (chord === undefined) return;
    const goesOn = begun !== "" && event.timeStamp - begunAtMs < SEQUENCE_MS;
    const keys = goesOn ? `${begun} ${chord}` : chord;
    const { command, begins } = app.commands.match(keys);
    begun = begins ? keys : "";
    begunAtMs = event.timeStamp;
    if (command === undefined) return;
    if (isTaken(event.target, chord) && !(command.inFields === true && hasModifier(chord))) return;
    if (command.when(app).state === "hidden") return;
    event.preventDefault();
    app.run(command.id);
  };

  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}
