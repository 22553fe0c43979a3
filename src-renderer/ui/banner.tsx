import type { ReactNode } from "react";
import "./banner.css";
import { cx } from "./cx.ts";

export interface BannerProps {
  readonly tone: "info" | "warn" | "danger" | "past";
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

export function Banner({ tone, icon, children, actions }: BannerProps): ReactNode {
  return (
    <div className={cx("banner", `banner--${tone}`)} role={tone === "danger" ? "alert" : "status"}>
      {icon}
      <div className="banner__text">{children}</div>
      {actions}
    </div>
  );
}
