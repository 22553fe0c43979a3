import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { IconButton } from "../../../ui/button.tsx";

export interface HeadProps {
  readonly mark: ReactNode;
  readonly title: string;
  readonly note: ReactNode;
  /** Whether there is something to deselect. */
  readonly closes: boolean;
}

export function Head({ mark, title, note, closes }: HeadProps): ReactNode {
  const { t } = useTranslation("inspector");
  const { selection } = useApp();
  return (
    <header className="insp-head">
      {mark}
      <div className="grow">
        <h2 className="insp-head__title truncate">{title}</h2>
        <p className="insp-head__note">{note}</p>
      </div>
      {closes ? (
        <IconButton
          label={t("deselect")}
          keys="Escape"
          icon={<X aria-hidden />}
          onClick={() => selection.getState().clear()}
        />
      ) : null}
    </header>
  );
}
