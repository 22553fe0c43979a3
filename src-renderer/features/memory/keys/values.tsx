import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MemoryMode } from "#shared/contract/state-events.ts";
import { cleanText } from "../../../ui/text.ts";
import { elementsOf } from "../model/key-rows.ts";

export interface ValuesProps {
  readonly mode: MemoryMode | undefined;
  readonly values: readonly string[];
  /** Characters of each value. */
  readonly max: number;
}

const MAX_SHOWN = 12;

/** What is held, as its mode reads it: text, a number, the elements of a set. */
export function Values({ mode, values, max }: ValuesProps): ReactNode {
  const { t } = useTranslation("memory");
  if (values.length === 0) return <span className="muted">{t("value.gone")}</span>;
  const [first = ""] = values;
  const elements = mode === "set" && values.length === 1 ? elementsOf(first) : undefined;
  if (elements?.length === 0) return <span className="muted">{t("value.emptySet")}</span>;
  const shown = (elements ?? values).slice(0, MAX_SHOWN);
  const more = (elements ?? values).length - shown.length;
  return (
    <span className="held">
      {shown.map((value) =>
        value === "" ? (
          <span key="" className="muted">
            {t("value.empty")}
          </span>
        ) : (
          <span key={value} className="held__value">
            {cleanText(value, max)}
          </span>
        ),
      )}
      {more > 0 ? <span className="muted">+{more}</span> : null}
    </span>
  );
}
