import type { ReactNode } from "react";
import { useStore } from "zustand";
import { AttachDialog } from "./attach-dialog.tsx";
import { dialogs } from "./dialogs.ts";
import { RecordingDialog } from "./recording-dialog.tsx";
import { SimulatedDialog } from "./simulated-dialog.tsx";

export function ConnectionDialogs(): ReactNode {
  const open = useStore(dialogs, (state) => state.open);
  switch (open) {
    case "simulated":
      return <SimulatedDialog />;
    case "attach":
      return <AttachDialog />;
    case "recording":
      return <RecordingDialog />;
    case undefined:
      return null;
  }
}
