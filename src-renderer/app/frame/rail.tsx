import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { Tooltip } from "../../ui/tooltip.tsx";
import { useApp } from "../context.ts";
import type { Feature, FeatureView } from "../feature.ts";
import { usePrefs } from "../hooks/use-stores.ts";
import "./rail.css";
import { Logo } from "./logo.tsx";

interface RailProps {
  readonly features: readonly Feature[];
}

export function Rail({ features }: RailProps): ReactNode {
  const { t } = useTranslation("app");
  const views = viewsOf(features);
  return (
    <nav className="rail" aria-label={t("rail.label")}>
      <div className="rail__logo">
        <Logo />
      </div>
      <ul className="rail__list">
        {views
          .filter(({ view }) => view.section === "mesh")
          .map((entry) => (
            <RailItem key={entry.id} {...entry} />
          ))}
      </ul>
      <ul className="rail__list rail__list--end">
        {views
          .filter(({ view }) => view.section === "console")
          .map((entry) => (
            <RailItem key={entry.id} {...entry} />
          ))}
      </ul>
    </nav>
  );
}

interface RailEntry {
  readonly id: string;
  readonly view: FeatureView;
}

function viewsOf(features: readonly Feature[]): readonly RailEntry[] {
  return features
    .flatMap(({ id, view }) => (view === undefined ? [] : [{ id, view }]))
    .sort((a, b) => a.view.order - b.view.order);
}

function RailItem({ id, view }: RailEntry): ReactNode {
  const app = useApp();
  const { t } = useTranslation();
  const current = usePrefs((prefs) => prefs.view === id);
  const command = app.commands.get(`view.${id}`);
  const Icon = view.icon;
  return (
    <li>
      <Tooltip
        text={t(view.title)}
        keys={command === undefined ? undefined : app.commands.keysOf(command)[0]}
        side="right"
      >
        <button
          type="button"
          className={cx("rail__item", current && "rail__item--current")}
          aria-current={current ? "page" : undefined}
          onClick={() => app.run(`view.${id}`)}
        >
          <Icon aria-hidden strokeWidth={1.75} />
          <span className="rail__label">{t(view.title)}</span>
        </button>
      </Tooltip>
    </li>
  );
}
