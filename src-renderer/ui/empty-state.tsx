import type { ReactNode } from "react";
import "./empty-state.css";

export interface EmptyStateProps {
  readonly icon: ReactNode;
  /** Names the cause. */
  readonly title: string;
  readonly text?: string | undefined;
  /** One button that does something about it. */
  readonly action?: ReactNode;
}

export function EmptyState({ icon, title, text, action }: EmptyStateProps): ReactNode {
  return (
    <div className="empty">
      <div className="empty__icon" aria-hidden>
        {icon}
      </div>
      <p className="empty__title">{title}</p>
      {text === undefined ? null : <p className="empty__text">{text}</p>}
      {action}
    </div>
  );
}
