import { RotateCcw, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Command } from "../../app/commands/command.ts";
import { chordOf, hasModifier } from "../../app/commands/keys.ts";
import { useApp } from "../../app/context.ts";
import { usePrefs } from "../../app/hooks/use-stores.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { SearchInput } from "../../ui/field.tsx";
import { Kbd } from "../../ui/kbd.tsx";

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function ShortcutTable(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("settings");
  const rebound = usePrefs((prefs) => prefs.keys);
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const commands = app.commands.all.filter((command) =>
    app.t(command.title).toLowerCase().includes(wanted),
  );
  return (
    <div className="stack">
      <div className="row">
        <div className="grow">
          <SearchInput label={t("keys.search")} value={text} onChange={setText} />
        </div>
        <Button
          icon={<RotateCcw />}
          disabledReason={Object.keys(rebound).length === 0 ? t("keys.nothing") : undefined}
          onClick={() => app.prefs.getState().change({ keys: {} })}
        >
          {t("keys.resetAll")}
        </Button>
      </div>
      <ul className="shortcuts">
        {commands.map((command) => (
          <ShortcutRow key={command.id} command={command} />
        ))}
      </ul>
    </div>
  );
}

function ShortcutRow({ command }: { readonly command: Command }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("settings");
  const rebound = usePrefs((prefs) => prefs.keys[command.id]);
  const [listening, setListening] = useState(false);
  const chords = app.commands.keysOf(command);
  const change = (next: readonly string[] | undefined) => {
    const { [command.id]: _old, ...others } = app.prefs.getState().keys;
    app.prefs
      .getState()
      .change({ keys: next === undefined ? others : { ...others, [command.id]: next } });
  };
  const conflicts = chords.flatMap((chord) => app.commands.conflicts(command.id, chord));
  const title = app.t(command.title);
  return (
    <li className="shortcuts__row">
      <span className="grow">
        {title}
        {conflicts.length === 0 ? null : (
          <span className="shortcuts__conflict">
            {t("keys.conflict", { other: app.t(conflicts[0]?.title ?? "") })}
          </span>
        )}
      </span>
      <span className="shortcuts__keys">
        {chords.map((chord) => (
          <Kbd key={chord} chord={chord} />
        ))}
      </span>
      {listening ? (
        <KeyCatcher
          danger={command.danger === true}
          onDone={(chord) => {
            setListening(false);
            if (chord !== undefined) change([chord]);
          }}
        />
      ) : (
        <Button
          size="sm"
          aria-label={t("keys.change", { title })}
          onClick={() => setListening(true)}
        >
          {t("keys.changeShort")}
        </Button>
      )}
      <IconButton
        size="sm"
        label={t("keys.unbind", { title })}
        icon={<X />}
        disabledReason={chords.length === 0 ? t("keys.none") : undefined}
        onClick={() => change([])}
      />
      <IconButton
        size="sm"
        label={t("keys.reset", { title })}
        icon={<RotateCcw />}
        disabledReason={rebound === undefined ? t("keys.isDefault") : undefined}
        onClick={() => change(undefined)}
      />
    </li>
  );
}

interface KeyCatcherProps {
  /** Takes something away: a bare letter must not run it. */
  readonly danger: boolean;
  /** Undefined: given up. */
  readonly onDone: (chord: string | undefined) => void;
}

function KeyCatcher({ danger, onDone }: KeyCatcherProps): ReactNode {
  const { t } = useTranslation("settings");
  const [refused, setRefused] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") {
      onDone(undefined);
      return;
    }
    const chord = chordOf(event.nativeEvent, isMac);
    if (chord === undefined) return;
    if (danger && !hasModifier(chord)) setRefused(true);
    else onDone(chord);
  };
  return (
    <input
      className="input shortcuts__catcher"
      aria-label={t("keys.press")}
      placeholder={t(refused ? "keys.needsModifier" : "keys.press")}
      readOnly
      ref={(element) => element?.focus()}
      onKeyDown={onKeyDown}
      onBlur={() => onDone(undefined)}
    />
  );
}
