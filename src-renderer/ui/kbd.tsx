import { Fragment, type ReactNode } from "react";
import "./kbd.css";

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const SYMBOLS: Readonly<Record<string, string>> = {
  Mod: isMac ? "⌘" : "Ctrl",
  Ctrl: isMac ? "⌃" : "Ctrl",
  Alt: isMac ? "⌥" : "Alt",
  Shift: isMac ? "⇧" : "Shift",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  " ": "Space",
};

/** `Mod+Shift+F`, or a sequence `g t`, as the keys that people see on their keyboard. */
export function Kbd({ chord }: { readonly chord: string }): ReactNode {
  return (
    <span className="kbd-chord">
      {chord.split(/(?<=.) (?=.)/).map((stroke, at) => (
        <Fragment key={stroke}>
          {at > 0 ? <span className="kbd-then"> </span> : null}
          {stroke.split(/(?<=[^+])\+/).map((key) => (
            <kbd className="kbd" key={key}>
              {SYMBOLS[key] ?? (key.length === 1 ? key.toUpperCase() : key)}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
