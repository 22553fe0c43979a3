import type { ComponentProps, ReactNode } from "react";
import "./button.css";
import { cx } from "./cx.ts";
import { Tooltip } from "./tooltip.tsx";

type Native = Omit<ComponentProps<"button">, "disabled">;

export interface ButtonProps extends Native {
  readonly variant?: "primary" | "default" | "quiet" | "danger";
  readonly size?: "sm" | "md" | "lg";
  readonly icon?: ReactNode;
  /**
   * Why it cannot be used: shown as its tooltip. The button stays in the tab order, so that the
   * reason can be reached by keyboard and screen reader.
   */
  readonly disabledReason?: string | undefined;
}

export function Button(props: ButtonProps): ReactNode {
  const { variant = "default", size = "md", icon, disabledReason, children, ...rest } = props;
  const off = disabledReason !== undefined;
  const button = (
    <button
      type="button"
      {...rest}
      aria-disabled={off || undefined}
      onClick={off ? (event) => event.preventDefault() : rest.onClick}
      className={cx("btn", `btn--${variant}`, `btn--${size}`, rest.className)}
    >
      {icon}
      {children === undefined ? null : <span className="btn__label">{children}</span>}
    </button>
  );
  return off && disabledReason !== "" ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

export interface IconButtonProps extends Native {
  /** Its name for everybody; the tooltip too. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly size?: "sm" | "md";
  readonly keys?: string | undefined;
  readonly pressed?: boolean | undefined;
  readonly disabledReason?: string | undefined;
}

export function IconButton(props: IconButtonProps): ReactNode {
  const { label, icon, size = "md", keys, pressed, disabledReason, ...rest } = props;
  const off = disabledReason !== undefined;
  return (
    <Tooltip
      text={off && disabledReason !== "" ? `${label}: ${disabledReason}` : label}
      keys={keys}
    >
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={off || undefined}
        onClick={off ? (event) => event.preventDefault() : rest.onClick}
        className={cx("icon-btn", `icon-btn--${size}`, rest.className)}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
