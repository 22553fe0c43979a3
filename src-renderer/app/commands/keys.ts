/** Chords in one spelling: modifiers in a fixed order, single letters in lower case. */

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const MODIFIER_KEYS = new Set(["Control", "Meta", "Alt", "Shift", "AltGraph", "CapsLock"]);
const MODIFIERS = ["Mod", "Ctrl", "Alt", "Shift"] as const;

/**
 * The chord of a key press; undefined for a modifier alone. `Mod` is Command on a Mac and Control
 * elsewhere. Shift counts only where it does not already make another character.
 */
export function chordOf(press: KeyPress, mac: boolean): string | undefined {
  if (MODIFIER_KEYS.has(press.key)) return undefined;
  const key = press.key === " " ? "Space" : press.key;
  const isLetter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const shiftCounts = press.shiftKey && (isLetter || key.length > 1);
  const held = {
    Mod: mac ? press.metaKey : press.ctrlKey,
    Ctrl: mac && press.ctrlKey,
    Alt: press.altKey,
    Shift: shiftCounts,
  };
  const parts: string[] = MODIFIERS.filter((modifier) => held[modifier]);
  return [...parts, isLetter ? key.toLowerCase() : key].join("+");
}

/** The same chord or sequence as `chordOf` would spell it. */
export function canonicalKeys(keys: string): string {
  return keys.trim().split(/\s+/).map(canonicalChord).join(" ");
}

function canonicalChord(chord: string): string {
  // A plus sign may itself be the key: `Mod++`.
  const parts = chord.split(/(?<=[^+])\+/);
  const key = parts.at(-1) ?? "";
  const modifiers = MODIFIERS.filter((modifier) => parts.slice(0, -1).includes(modifier));
  return [...modifiers, key.length === 1 ? key.toLowerCase() : key].join("+");
}

export function hasModifier(chord: string): boolean {
  return chord.startsWith("Mod+") || chord.startsWith("Ctrl+") || chord.startsWith("Alt+");
}
