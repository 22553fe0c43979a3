import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import "./tabs.css";

export interface TabItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  /** A count or mark after the label. */
  readonly badge?: ReactNode;
  readonly content: ReactNode;
}

export interface TabsProps {
  readonly label: string;
  readonly items: readonly TabItem[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** At the right end of the tab row. */
  readonly actions?: ReactNode;
}

/** Only the chosen tab's content is mounted. */
export function Tabs({ label, items, value, onChange, actions }: TabsProps): ReactNode {
  return (
    <Radix.Root className="tabs" value={value} onValueChange={onChange}>
      <div className="tabs__bar">
        <Radix.List className="tabs__list" aria-label={label}>
          {items.map((item) => (
            <Radix.Trigger className="tabs__tab" key={item.id} value={item.id}>
              {item.icon}
              {item.label}
              {item.badge}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {actions === undefined ? null : <div className="tabs__actions">{actions}</div>}
      </div>
      {items.map((item) => (
        <Radix.Content className="tabs__content" key={item.id} value={item.id}>
          {item.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
