import { Keyboard, Monitor, ScrollText, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { useConsole, usePrefs } from "../../app/hooks/use-stores.ts";
import { Field, NumberInput } from "../../ui/field.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Segmented, Toggle } from "../../ui/toggle.tsx";
import { AuditLog } from "./audit-log.tsx";
import "./settings.css";
import { ShortcutTable } from "./shortcut-table.tsx";

export function SettingsPage(): ReactNode {
  const { t } = useTranslation("settings");
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">{t("title")}</h1>
      </header>
      <div className="page__body">
        <div className="page__column">
          <Panel title={t("appearance")} icon={<Monitor aria-hidden />}>
            <Appearance />
          </Panel>
          <Panel title={t("safety")} icon={<ShieldCheck aria-hidden />}>
            <Safety />
          </Panel>
          <Panel title={t("logs")} icon={<ScrollText aria-hidden />}>
            <Logs />
          </Panel>
          <Panel title={t("shortcuts")} icon={<Keyboard aria-hidden />}>
            <ShortcutTable />
          </Panel>
          <AuditLog />
        </div>
      </div>
    </div>
  );
}

function Appearance(): ReactNode {
  const { t } = useTranslation("settings");
  const change = useApp().prefs.getState().change;
  const theme = usePrefs((prefs) => prefs.theme);
  const language = usePrefs((prefs) => prefs.language);
  const motion = usePrefs((prefs) => prefs.motion);
  const showFps = usePrefs((prefs) => prefs.showFps);
  return (
    <div className="settings">
      <Setting label={t("theme.label")}>
        <Segmented
          label={t("theme.label")}
          value={theme}
          options={(["system", "light", "dark"] as const).map((value) => ({
            value,
            label: t(`theme.${value}`),
          }))}
          onChange={(next) => change({ theme: next })}
        />
      </Setting>
      <Setting label={t("language.label")}>
        <Segmented
          label={t("language.label")}
          value={language}
          options={[
            { value: "auto", label: t("language.auto") },
            { value: "en", label: "English" },
            { value: "zh", label: "中文" },
          ]}
          onChange={(next) => change({ language: next })}
        />
      </Setting>
      <Setting label={t("motion.label")} hint={t("motion.hint")}>
        <Segmented
          label={t("motion.label")}
          value={motion}
          options={(["system", "reduced"] as const).map((value) => ({
            value,
            label: t(`motion.${value}`),
          }))}
          onChange={(next) => change({ motion: next })}
        />
      </Setting>
      <Setting label={t("hints.label")}>
        <button type="button" className="link" onClick={() => change({ hintsSeen: [] })}>
          {t("hints.again")}
        </button>
      </Setting>
      <Setting label={t("fps.label")}>
        <Toggle
          label={t("fps.show")}
          checked={showFps}
          onChange={(next) => change({ showFps: next })}
        />
      </Setting>
    </div>
  );
}

function Safety(): ReactNode {
  const { t } = useTranslation("settings");
  const app = useApp();
  const locked = useConsole((state) => state.locked);
  const confirm = usePrefs((prefs) => prefs.confirm);
  return (
    <div className="settings">
      <Setting label={t("confirm.label")} hint={t(`confirm.hint.${confirm}`)}>
        <Segmented
          label={t("confirm.label")}
          value={confirm}
          options={(["all", "remote", "risky"] as const).map((value) => ({
            value,
            label: t(`confirm.${value}`),
          }))}
          onChange={(next) => app.prefs.getState().change({ confirm: next })}
        />
      </Setting>
      <Setting label={t("locked.label")} hint={t("locked.hint")}>
        <Toggle
          label={t("locked.on")}
          checked={locked}
          onChange={(next) => app.console.setState({ locked: next })}
        />
      </Setting>
    </div>
  );
}

const MIN_LINES = 100;
const MAX_LINES = 5_000;

function Logs(): ReactNode {
  const { t } = useTranslation("settings");
  const change = useApp().prefs.getState().change;
  const logLines = usePrefs((prefs) => prefs.logLines);
  const logWrap = usePrefs((prefs) => prefs.logWrap);
  return (
    <div className="settings">
      <Field inline label={t("logLines.label")} hint={t("logLines.hint", { max: MAX_LINES })}>
        {(field) => (
          <NumberInput
            {...field}
            value={logLines}
            min={MIN_LINES}
            max={MAX_LINES}
            step={100}
            unit={t("logLines.unit")}
            onChange={(next) => {
              if (next !== undefined && next >= MIN_LINES && next <= MAX_LINES) {
                change({ logLines: Math.round(next) });
              }
            }}
          />
        )}
      </Field>
      <Setting label={t("logWrap.label")}>
        <Toggle
          label={t("logWrap.on")}
          checked={logWrap}
          onChange={(next) => change({ logWrap: next })}
        />
      </Setting>
    </div>
  );
}

interface SettingProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

function Setting({ label, hint, children }: SettingProps): ReactNode {
  return (
    <div className="setting">
      <div className="setting__label">
        <p>{label}</p>
        {hint === undefined ? null : <p className="setting__hint">{hint}</p>}
      </div>
      <div>{children}</div>
    </div>
  );
}
