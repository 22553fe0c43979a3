import { type FormEvent, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { openDialog } from "./dialogs.ts";

interface DialogFrameProps {
  readonly title: string;
  readonly submitLabel: string;
  /** Why it cannot be sent right now. */
  readonly disabledReason: string | undefined;
  /** What the host said to the last try. */
  readonly error: string | undefined;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** A form in a dialog: cancel, one main button, and what went wrong at its end. */
export function DialogFrame(props: DialogFrameProps): ReactNode {
  const { title, submitLabel, disabledReason, error, onSubmit, children } = props;
  const { t } = useTranslation("connections");
  const formId = useId();
  const close = () => openDialog(undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (disabledReason === undefined) onSubmit();
  };
  return (
    <Dialog
      title={title}
      closeLabel={t("cancel")}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" disabledReason={disabledReason}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={submit} noValidate>
        {children}
        {error === undefined ? null : (
          <p className="form-error" role="alert">
            {error}
          </p>
        )}
      </form>
    </Dialog>
  );
}
