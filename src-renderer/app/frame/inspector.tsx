import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Feature } from "../feature.ts";
import { usePrefs } from "../hooks/use-stores.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import "./inspector.css";

interface InspectorProps {
  readonly features: readonly Feature[];
}

/** The panel on the right. What it shows is up to the features; each part hides where it does not apply. */
export function Inspector({ features }: InspectorProps): ReactNode {
  const { t } = useTranslation("app");
  const open = usePrefs((prefs) => prefs.inspectorOpen);
  const sections = features
    .flatMap((feature) => feature.inspector ?? [])
    .sort((a, b) => a.order - b.order);
  if (!open || sections.length === 0) return null;
  return (
    <aside className="inspector" aria-label={t("inspector.label")}>
      {sections.map(({ id, Component }) => (
        <ErrorBoundary key={id} where={id}>
          <Component />
        </ErrorBoundary>
      ))}
    </aside>
  );
}
