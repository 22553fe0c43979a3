import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { Toast } from "../../state/toasts.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { useApp } from "../context.ts";
import "./toaster.css";

const ICONS = {
  info: Info,
  success: CircleCheck,
  warn: TriangleAlert,
  danger: CircleAlert,
} as const;

export function Toaster(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const toasts = useStore(app.toasts, (state) => state.toasts);
  return (
    <section className="toaster" aria-label={t("toast.label")} aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }): ReactNode {
  const { t } = useTranslation("app");
  const { toasts } = useApp();
  const [held, setHeld] = useState(false);
  const { id, forMs, countdown = false } = toast;
  const dismiss = () => toasts.getState().dismiss(id);
  // Reading takes as long as it takes; a window to cancel must not be stretched by hovering.
  const waits = held && !countdown;
  useEffect(() => {
    if (forMs === undefined || waits) return undefined;
    const timer = setTimeout(() => toasts.getState().dismiss(id), forMs);
    return () => clearTimeout(timer);
  }, [toasts, id, forMs, waits]);
  const Icon = ICONS[toast.tone];
  return (
    <div
      className={cx("toast", `toast--${toast.tone}`)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <Icon className="toast__icon" aria-hidden />
      <div className="toast__text">
        <p>{toast.text}</p>
        {toast.detail === undefined ? null : <p className="toast__detail">{toast.detail}</p>}
      </div>
      {toast.action === undefined ? null : (
        <Button
          size="sm"
          onClick={() => {
            toast.action?.run();
            dismiss();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton size="sm" label={t("toast.dismiss")} icon={<X />} onClick={dismiss} />
      {countdown && forMs !== undefined ? (
        <span className="toast__countdown" style={{ animationDuration: `${forMs}ms` }} />
      ) : null}
    </div>
  );
}
