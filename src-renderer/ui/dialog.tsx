import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useEffect, useId, useRef, useState } from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import "./dialog.css";
import { PortalContext } from "./portal.ts";

export interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly size?: "sm" | "md" | "lg";
  /** Buttons at the bottom, the main one last. */
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

/** The platform's modal dialog: focus is trapped and given back, Escape closes. Mount it to open. */
export function Dialog(props: DialogProps): ReactNode {
  const { title, closeLabel, onClose, size = "md", footer, children } = props;
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  const [portal, setPortal] = useState<HTMLElement | null>(null);

  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    setPortal(dialog);
    // The first thing that can take the focus is the close button; something else is meant.
    const wanted = dialog?.querySelector<HTMLElement>("[data-autofocus]") ?? dialog;
    wanted?.focus();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={element}
      tabIndex={-1}
      className={cx("dialog", `dialog--${size}`)}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Keys typed in a dialog are the dialog's: the console's shortcuts must not see them.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <PortalContext value={portal}>
        <header className="dialog__head">
          <h2 className="dialog__title" id={id}>
            {title}
          </h2>
          <IconButton label={closeLabel} icon={<X />} onClick={onClose} />
        </header>
        <div className="dialog__body">{children}</div>
        {footer === undefined ? null : <footer className="dialog__foot">{footer}</footer>}
      </PortalContext>
    </dialog>
  );
}
