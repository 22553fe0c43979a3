import type { MenuItemConstructorOptions } from "electron";
import type { MenuCommandId } from "#shared/contract/bridge.ts";

const ENGLISH = {
  file: "File",
  newMesh: "New Mesh…",
  attach: "Attach to Cluster…",
  openRecording: "Open Recording…",
  edit: "Edit",
  view: "View",
  palette: "Command Palette…",
  window: "Window",
  help: "Help",
  shortcuts: "Keyboard Shortcuts",
  settings: "Settings…",
};

const CHINESE: typeof ENGLISH = {
  file: "文件",
  newMesh: "新建网格…",
  attach: "连接集群…",
  openRecording: "打开录制…",
  edit: "编辑",
  view: "视图",
  palette: "命令面板…",
  window: "窗口",
  help: "帮助",
  shortcuts: "键盘快捷键",
  settings: "设置…",
};

export interface MenuOptions {
  readonly platform: string;
  /** The system's language, such as `en-GB` or `zh-CN`. */
  readonly locale: string;
  readonly packaged: boolean;
  run(command: MenuCommandId): void;
}

export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const text = options.locale.startsWith("zh") ? CHINESE : ENGLISH;
  const mac = options.platform === "darwin";
  // The page binds the keys itself, so that they can be rebound; the menu only shows items.
  const item = (label: string, command: MenuCommandId): MenuItemConstructorOptions => ({
    label,
    id: command,
    click: () => options.run(command),
  });
  const developer: MenuItemConstructorOptions[] = options.packaged
    ? []
    : [{ type: "separator" }, { role: "reload" }, { role: "toggleDevTools" }];
  return [
    ...(mac ? [{ role: "appMenu" } as const] : []),
    {
      label: text.file,
      submenu: [
        item(text.newMesh, "mesh.open"),
        item(text.attach, "mesh.attach"),
        item(text.openRecording, "recording.open"),
        { type: "separator" },
        item(text.settings, "app.settings"),
        { type: "separator" },
        { role: mac ? "close" : "quit" },
      ],
    },
    { label: text.edit, role: "editMenu" },
    {
      label: text.view,
      submenu: [
        item(text.palette, "app.palette"),
        { type: "separator" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "resetZoom" },
        { role: "togglefullscreen" },
        ...developer,
      ],
    },
    { label: text.window, role: "windowMenu" },
    { label: text.help, role: "help", submenu: [item(text.shortcuts, "app.shortcuts")] },
  ];
}
