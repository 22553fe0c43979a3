import { ContextMenu as RadixContext, DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Kbd } from "./kbd.tsx";
import "./menu.css";
import { usePortal } from "./portal.ts";

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string | undefined;
  readonly danger?: boolean | undefined;
  readonly checked?: boolean | undefined;
  /** Why it cannot be used, shown under the label. */
  readonly disabledReason?: string | undefined;
  readonly onSelect: () => void;
}

/** Groups are parted by a line. */
export interface MenuGroup {
  readonly id: string;
  readonly title?: string | undefined;
  readonly items: readonly MenuAction[];
}

type Parts = Pick<typeof DropdownMenu, "Item" | "Group" | "Label" | "Separator">;

export interface MenuProps {
  readonly trigger: ReactElement;
  readonly groups: readonly MenuGroup[];
  readonly align?: "start" | "end";
  readonly side?: "top" | "bottom" | "right";
}

// Non-modal on purpose: the modal menu locks scrolling through an injected style sheet, which the
// content security policy refuses.
export function Menu({ trigger, groups, align = "start", side = "bottom" }: MenuProps): ReactNode {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={usePortal()}>
        <DropdownMenu.Content className="menu" align={align} side={side} sideOffset={4}>
          <MenuBody parts={DropdownMenu} groups={groups} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export interface ContextMenuProps {
  readonly children: ReactElement;
  readonly groups: readonly MenuGroup[];
}

export function ContextMenu({ children, groups }: ContextMenuProps): ReactNode {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className="menu">
          <MenuBody parts={RadixContext} groups={groups} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

interface MenuBodyProps {
  readonly parts: Parts;
  readonly groups: readonly MenuGroup[];
}

function MenuBody({ parts, groups }: MenuBodyProps): ReactNode {
  const shown = groups.filter((group) => group.items.length > 0);
  return shown.map((group, at) => (
    <parts.Group key={group.id}>
      {at > 0 ? <parts.Separator className="menu__line" /> : null}
      {group.title === undefined ? null : (
        <parts.Label className="menu__title">{group.title}</parts.Label>
      )}
      {group.items.map((item) => (
        <parts.Item
          key={item.id}
          className={cx("menu__item", item.danger === true && "menu__item--danger")}
          disabled={item.disabledReason !== undefined}
          onSelect={item.onSelect}
          {...(item.checked === undefined
            ? {}
            : { role: "menuitemradio", "aria-checked": item.checked })}
        >
          <span className="menu__icon" aria-hidden>
            {item.checked === true ? "✓" : item.icon}
          </span>
          <span className="menu__text">
            {item.label}
            {item.disabledReason === undefined || item.disabledReason === "" ? null : (
              <span className="menu__reason">{item.disabledReason}</span>
            )}
          </span>
          {item.keys === undefined ? null : <Kbd chord={item.keys} />}
        </parts.Item>
      ))}
    </parts.Group>
  ));
}
