import { EqualNot } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** Says that what follows is not the same in both meshes: by shape, colour and word. */
export function DifferenceMark(): ReactNode {
  const { t } = useTranslation("runs");
  return (
    <span className="difference-mark" role="img" aria-label={t("compare.differs")}>
      <EqualNot aria-hidden />
    </span>
  );
}
