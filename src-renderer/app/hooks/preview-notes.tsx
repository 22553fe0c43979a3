import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Preview } from "#shared/view/preview.ts";
import { cleanText } from "../../ui/text.ts";
import "./preview-notes.css";

const ICONS = { info: Info, warn: TriangleAlert, danger: CircleAlert } as const;

/** What a command would do, in the chosen language, worst signs with their icon. */
export function PreviewNotes({ preview }: { readonly preview: Preview }): ReactNode {
  const { t } = useTranslation("preview");
  return (
    <ul className="preview-notes" aria-label={t("label")}>
      {preview.notes.map((note) => {
        const Icon = ICONS[note.severity];
        const params = Object.fromEntries(
          Object.entries(note.params).map(([name, value]) => [
            name,
            typeof value === "string" ? cleanText(value, 200) : value,
          ]),
        );
        return (
          <li
            key={`${note.code} ${Object.values(params).join(" ")}`}
            className={`preview-note preview-note--${note.severity}`}
          >
            <Icon aria-hidden />
            <span>{t(note.code, params)}</span>
          </li>
        );
      })}
    </ul>
  );
}
