import type { ReactNode } from "react";
import { useId } from "react";
import { cx } from "./cx.ts";
import "./panel.css";

export interface PanelProps {
  readonly title: string;
  readonly icon?: ReactNode;
  /** At the right end of the title row. */
  readonly actions?: ReactNode;
  /** A quieter panel without its own surface, for use inside another. */
  readonly flat?: boolean;
  readonly children: ReactNode;
}

export function Panel({ title, icon, actions, flat = false, children }: PanelProps): ReactNode {
  const id = useId();
  return (
    <section className={cx("panel", flat && "panel--flat")} aria-labelledby={id}>
      <header className="panel__head">
        {icon}
        <h2 className="panel__title" id={id}>
          {title}
        </h2>
        {actions === undefined ? null : <div className="panel__actions">{actions}</div>}
      </header>
      <div className="panel__body">{children}</div>
    </section>
  );
}

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** Aligned label and value pairs. */
export function Facts({ items }: { readonly items: readonly Fact[] }): ReactNode {
  return (
    <dl className="facts">
      {items.map((item) => (
        <div className="facts__row" key={item.label}>
          <dt className="facts__label">{item.label}</dt>
          <dd className="facts__value">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
