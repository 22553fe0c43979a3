import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./kbd.tsx";
import { usePortal } from "./portal.ts";
import "./tooltip.css";

export interface TooltipProps {
  readonly text: string;
  /** A chord such as `Mod+K`, shown after the text. */
  readonly keys?: string | undefined;
  readonly side?: "top" | "right" | "bottom" | "left";
  /** One element that takes a ref and pointer handlers. */
  readonly children: ReactElement;
}

export function TooltipProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Radix.Provider delayDuration={350} skipDelayDuration={150}>
      {children}
    </Radix.Provider>
  );
}

export function Tooltip({ text, keys, side = "top", children }: TooltipProps): ReactNode {
  const container = usePortal();
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content className="tooltip" side={side} sideOffset={6} collisionPadding={8}>
          <span>{text}</span>
          {keys === undefined ? null : <Kbd chord={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
