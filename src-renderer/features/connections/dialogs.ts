import { createStore } from "zustand/vanilla";

export type OpenDialog = "simulated" | "attach" | "recording" | undefined;

/** Which dialog of this feature is open; commands anywhere in the console set it. */
export const dialogs = createStore<{ readonly open: OpenDialog }>()(() => ({ open: undefined }));

export function openDialog(open: OpenDialog): void {
  dialogs.setState({ open });
}
