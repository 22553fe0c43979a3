import { FileUp } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { MAX_FRAME_BYTES } from "#shared/contract/protocol.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { formatBytes } from "../../ui/format.ts";
import { openDialog } from "./dialogs.ts";
import { useOpen } from "./use-open.ts";

export function RecordingDialog(): ReactNode {
  const { t } = useTranslation("connections");
  const { busy, error, open } = useOpen();
  const [tooLarge, setTooLarge] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined || busy) return;
    setTooLarge(file.size > MAX_FRAME_BYTES);
    if (file.size > MAX_FRAME_BYTES) return;
    await open({ kind: "recording", text: await file.text() });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  const problem = tooLarge ? t("recording.tooLarge", { max: formatBytes(MAX_FRAME_BYTES) }) : error;
  return (
    <Dialog
      title={t("recording.title")}
      closeLabel={t("cancel")}
      onClose={() => openDialog(undefined)}
    >
      <div role="presentation" onDrop={drop} onDragOver={(event) => event.preventDefault()}>
        <label className="drop">
          <FileUp aria-hidden />
          <span className="drop__title">{t(busy ? "opening" : "recording.choose")}</span>
          <span className="muted">{t("recording.about")}</span>
          <input
            className="visually-hidden"
            type="file"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
        </label>
      </div>
      {problem === undefined ? null : (
        <p className="form-error" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
