import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** Rows of a table; the rest is counted. */
export const MAX_ROWS = 200;

export function More({ count }: { readonly count: number }): ReactNode {
  const { t } = useTranslation("decisions");
  return count > 0 ? <p className="decision__note">{t("more", { count })}</p> : null;
}
