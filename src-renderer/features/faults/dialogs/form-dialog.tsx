import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { type ReactNode, useEffect, useId } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { PreviewNotes } from "../../../app/hooks/preview-notes.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";

export interface FormDialogProps {
  readonly title: string;
  readonly action: string;
  /** What it comes to as filled in; absent while something is missing. */
  readonly command: MeshCommandInput | undefined;
  /** Why it cannot be sent yet. */
  readonly missing?: string | undefined;
  readonly onSend: (command: MeshCommandInput) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog that ends in one command; Enter sends it. */
export function FormDialog(props: FormDialogProps): ReactNode {
  const { title, action, command, missing, onSend, onClose, children } = props;
  const { t } = useTranslation("app");
  const app = useApp();
  const form = useId();
  // An opened dialog puts the focus on its close button; whoever opened this one wants to type.
  useEffect(() => {
    document.getElementById(form)?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, [form]);
  const preview = command === undefined ? undefined : app.preview(command);
  const send = (): void => {
    if (command === undefined) return;
    onClose();
    onSend(command);
  };
  return (
    <Dialog
      title={title}
      closeLabel={t("close")}
      size="sm"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            type="submit"
            form={form}
            variant="primary"
            disabledReason={command === undefined ? (missing ?? "") : undefined}
          >
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {children}
        {preview === undefined ? null : <PreviewNotes preview={preview} />}
      </form>
    </Dialog>
  );
}
