import type { ReactNode } from "react";
import { useFaults, useFaultsStore } from "../context.ts";
import { AddNodeDialog } from "./add-node.tsx";
import { ByzantineDialog } from "./byzantine.tsx";
import { DiskDialog } from "./disk.tsx";
import { PublishDialog } from "./publish.tsx";
import { TraceDialog } from "./trace.tsx";
import { UserEventDialog } from "./user-event.tsx";

/** The one dialog that is open, if any. */
export function Dialogs(): ReactNode {
  const dialog = useFaults((state) => state.dialog);
  const { open } = useFaultsStore().getState();
  const close = (): void => open(undefined);
  switch (dialog?.kind) {
    case undefined:
      return null;
    case "add-node":
      return <AddNodeDialog seed={dialog.seed} onClose={close} />;
    case "publish":
      return <PublishDialog node={dialog.node} onClose={close} />;
    case "trace":
      return <TraceDialog from={dialog.from} onClose={close} />;
    case "byzantine":
      return <ByzantineDialog node={dialog.node} onClose={close} />;
    case "disk":
      return <DiskDialog node={dialog.node} onClose={close} />;
    case "user-event":
      return <UserEventDialog onClose={close} />;
  }
}
