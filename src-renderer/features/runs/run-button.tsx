import type { ReactNode } from "react";
import { useCommandButton } from "../../app/hooks/use-commands.ts";
import { useConsole } from "../../app/hooks/use-stores.ts";
import { Button } from "../../ui/button.tsx";

interface RunButtonProps {
  readonly id: string;
  readonly icon: ReactNode;
  readonly label: string;
  readonly primary?: boolean;
}

export function RunButton({ id, icon, label, primary = false }: RunButtonProps): ReactNode {
  // Whether it is offered depends on the session and the mesh: redraw when those change.
  useConsole((state) => state.link);
  useConsole((state) => state.role);
  useConsole((state) => state.locked);
  useConsole((state) => state.active);
  const { disabledReason, onClick } = useCommandButton(id);
  return (
    <Button
      variant={primary ? "primary" : "default"}
      icon={icon}
      disabledReason={disabledReason}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
