/**
 * Who may import whom, in one table. Everything not listed is forbidden. A file belongs to the
 * layer with the longest matching folder; inside its own layer it may import what it likes.
 */
export interface Layer {
  readonly folder: string;
  /** Folders (other layers, or single files of them) that may be imported. */
  readonly layers: readonly string[];
  /** Packages that may be imported; `node:` stands for all of Node's own modules. */
  readonly packages: readonly string[];
  /**
   * Deterministic: no clock, chance, timers, I/O or locale; nothing asynchronous either, but for
   * "promises", where code may wait for what a port promised.
   */
  readonly pure?: "synchronous" | "promises";
  /** Each sub-folder is a member that must not import its siblings. */
  readonly family?: true;
  /** Others may import a member of the family only through its `index.ts`. */
  readonly index?: true;
}

const SHARED = "src-shared";
const KERNEL = "src-main/kernel";
const PROTOCOLS = "src-main/protocols";
const NODE = "src-main/node";
const SIM = "src-main/sim";
const LINCHECK = "src-main/lincheck";
const CRYPTO = "src-main/crypto";
const FABRIC = "src-main/fabric";
const STORAGE = "src-main/storage";
const AGENTS = "src-main/agents";
const SOURCES = "src-main/sources";
const SOURCE_INTERFACE = "src-main/sources/mesh-source.ts";
const GATEWAY = "src-main/gateway";
const HOST = "src-main/host";

const RENDERER_APP = "src-renderer/app";
const RENDERER_CLIENT = "src-renderer/client";
const RENDERER_STATE = "src-renderer/state";
const RENDERER_FEATURES = "src-renderer/features";
const RENDERER_CHARTS = "src-renderer/charts";
const RENDERER_UI = "src-renderer/ui";

const REACT = ["react", "react-dom", "react-i18next", "i18next", "zustand", "lucide-react"];

export const LAYERS: readonly Layer[] = [
  { folder: SHARED, layers: [], packages: ["zod"], pure: "promises" },
  { folder: KERNEL, layers: [SHARED], packages: [], pure: "synchronous" },
  { folder: PROTOCOLS, layers: [KERNEL], packages: [], pure: "synchronous", family: true },
  { folder: NODE, layers: [PROTOCOLS, KERNEL, SHARED], packages: [], pure: "synchronous" },
  { folder: LINCHECK, layers: [KERNEL, SHARED], packages: [], pure: "synchronous" },
  // Recordings come from files: their lines pass a schema.
  {
    folder: SIM,
    // Real signatures are for its tests: its code compiles without Node and is handed a signer.
    layers: [NODE, PROTOCOLS, CRYPTO, LINCHECK, KERNEL, SHARED],
    packages: ["zod"],
    pure: "synchronous",
  },
  { folder: CRYPTO, layers: [KERNEL], packages: ["node:"] },
  { folder: FABRIC, layers: [NODE, CRYPTO, KERNEL, SHARED], packages: ["node:", "ws"] },
  { folder: STORAGE, layers: [NODE, KERNEL, SHARED], packages: ["node:"] },
  { folder: AGENTS, layers: [NODE, KERNEL, SHARED], packages: ["node:"] },
  {
    folder: SOURCES,
    layers: [SIM, NODE, FABRIC, STORAGE, AGENTS, CRYPTO, KERNEL, SHARED],
    packages: ["node:", "msgpackr", "ws", "zod"],
  },
  { folder: GATEWAY, layers: [SOURCE_INTERFACE, KERNEL, SHARED], packages: ["node:", "ws", "zod"] },
  {
    folder: HOST,
    layers: [GATEWAY, SOURCES, SIM, NODE, FABRIC, STORAGE, AGENTS, CRYPTO, KERNEL, SHARED],
    packages: ["node:", "yaml", "zod"],
  },
  {
    folder: "src-main/daemon",
    layers: [HOST, SHARED],
    packages: ["node:"],
  },
  {
    folder: "src-main/cli",
    layers: [HOST, LINCHECK, SHARED],
    packages: ["node:", "commander", "yaml"],
  },
  { folder: "src-main/shell", layers: [SHARED], packages: ["node:", "electron", "zod"] },
  {
    folder: RENDERER_APP,
    layers: [
      RENDERER_FEATURES,
      RENDERER_CHARTS,
      RENDERER_UI,
      RENDERER_STATE,
      RENDERER_CLIENT,
      SHARED,
    ],
    packages: [...REACT, "radix-ui", "cmdk", "zod"],
  },
  { folder: RENDERER_CLIENT, layers: [SHARED], packages: ["zod"] },
  { folder: RENDERER_STATE, layers: [RENDERER_CLIENT, SHARED], packages: ["zustand"] },
  {
    folder: RENDERER_FEATURES,
    layers: [
      // What the frame offers to features; they fill its slots and never reach into the rest.
      "src-renderer/app/commands",
      "src-renderer/app/context.ts",
      "src-renderer/app/feature.ts",
      "src-renderer/app/hooks",
      "src-renderer/app/services.ts",
      RENDERER_CHARTS,
      RENDERER_UI,
      RENDERER_STATE,
      RENDERER_CLIENT,
      SHARED,
    ],
    packages: [...REACT, "radix-ui", "@xyflow/react", "@tanstack/react-virtual", "d3-force"],
    family: true,
    index: true,
  },
  {
    folder: RENDERER_CHARTS,
    layers: [RENDERER_UI, SHARED],
    packages: ["react", "recharts"],
  },
  {
    folder: RENDERER_UI,
    layers: [],
    packages: [...REACT, "radix-ui", "cmdk", "@tanstack/react-virtual"],
  },
];

/** Names that only one file may take from a package: the single place that guards them. */
export const SOLE_IMPORTERS: ReadonlyArray<{
  readonly from: string;
  readonly name: string;
  readonly file: string;
}> = [{ from: "electron", name: "ipcMain", file: "src-main/shell/ipc.ts" }];
