/** The parts of the application that commands look at, over a view of running nodes. */
import type { CommandType, MeshCommandInput } from "#shared/contract/commands.ts";
import type { MeshDescription } from "#shared/contract/description.ts";
import { emptyNode, emptyView } from "#shared/view/empty.ts";
import type { LinkView, MeshView, NodeView } from "#shared/view/model.ts";
import type { AppServices } from "../../app/services.ts";
import { createSelection } from "../../state/selection.ts";

export interface FakeApp {
  readonly app: AppServices;
  readonly view: MeshView;
  /** What was performed, in order. */
  readonly sent: MeshCommandInput[];
  readonly prefs: Record<string, unknown>;
}

export interface FakeOptions {
  readonly nodes?: string;
  readonly changes?: Readonly<Record<string, Partial<NodeView>>>;
  readonly links?: readonly LinkView[];
  readonly refusals?: Partial<Record<CommandType, string>>;
  readonly capabilities?: MeshDescription["capabilities"];
}

export function fakeApp(options: FakeOptions = {}): FakeApp {
  const view = emptyView();
  for (const id of options.nodes ?? "ABCDE") {
    view.nodes.set(id, { ...emptyNode(id, 0), process: "running", ...options.changes?.[id] });
  }
  for (const link of options.links ?? []) view.links.set(link.key, link);
  const description = { id: "m", capabilities: options.capabilities ?? {} };
  const sent: MeshCommandInput[] = [];
  const prefs: Record<string, unknown> = { dockHeight: 180 };
  const parts = {
    selection: createSelection(),
    console: {
      getState: () => ({ mesh: { live: view }, active: "m", listings: [{ description }] }),
    },
    prefs: {
      getState: () => ({ ...prefs, change: (part: object) => Object.assign(prefs, part) }),
    },
    refusal: (type: CommandType) => options.refusals?.[type],
    perform: (command: MeshCommandInput) => {
      sent.push(command);
      return Promise.resolve(true);
    },
    t: (key: string, params?: object) =>
      params === undefined ? key : `${key} ${JSON.stringify(params)}`,
  };
  return { app: parts as unknown as AppServices, view, sent, prefs };
}
