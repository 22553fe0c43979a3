/** The only listener of messages from pages: frame, origin, sender and payload are checked here. */
import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from "electron";
import { z } from "zod";
import { CHANNELS } from "./channels.ts";
import { isTrusted } from "./sender.ts";

const addressSchema = z.tuple([z.string().max(2_048)]);
const nothingSchema = z.tuple([]);

export interface IpcHandlers {
  /** Ids of the contents of the windows that are open now. */
  windowContents(): ReadonlySet<number>;
  requestPort(contents: WebContents): void;
  openExternal(address: string): Promise<boolean>;
  refused(channel: string): void;
}

export function listenToPages(handlers: IpcHandlers): void {
  const check = <Payload>(
    event: IpcMainEvent | IpcMainInvokeEvent,
    schema: z.ZodType<Payload>,
    payload: readonly unknown[],
  ): Payload | undefined => {
    if (!isTrusted(event, handlers.windowContents())) return undefined;
    return schema.safeParse(payload).data;
  };
  ipcMain.on(CHANNELS.requestPort, (event, ...payload: unknown[]) => {
    if (check(event, nothingSchema, payload) === undefined) handlers.refused(CHANNELS.requestPort);
    else handlers.requestPort(event.sender);
  });
  ipcMain.handle(CHANNELS.openExternal, (event, ...payload: unknown[]) => {
    const checked = check(event, addressSchema, payload);
    if (checked !== undefined) return handlers.openExternal(checked[0]);
    handlers.refused(CHANNELS.openExternal);
    return false;
  });
}
