import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import { type DegreeRule, degreeRule } from "./degree.ts";
import { MemberDirectory } from "./directory.ts";
import { LinkTable } from "./link-table.ts";
import type { LinksOptions, TopologyKind } from "./options.ts";
import { Outlet } from "./outlet.ts";
import { Overlay } from "./overlay.ts";
import type { LinksSetup } from "./setup.ts";

export const TIMERS = {
  ping: "ping",
  announce: "announce",
  flood: "flood",
  maintain: "maintain",
  check: "check",
  optimise: "optimise",
  trace: "trace",
} as const;

/** What the parts of one links machine share. */
export class LinksState {
  readonly self: NodeId;
  readonly options: LinksOptions;
  readonly random: Random;
  readonly directory: MemberDirectory;
  readonly overlay: Overlay;
  readonly table = new LinkTable();
  readonly out = new Outlet();
  kind: TopologyKind;
  /** Links this node has in the plan of its topology: what a custom shape strives for. */
  given: number;
  /** Before `start` and after `leave` a node agrees to no link. */
  running = false;

  constructor(setup: LinksSetup) {
    const { self, zone, options, random, formed } = setup;
    this.self = self;
    this.options = options;
    this.random = random;
    this.kind = options.kind;
    this.given = formed?.neighbours.get(self)?.length ?? 0;
    this.directory = new MemberDirectory(self, zone, formed);
    this.overlay = new Overlay(self, this.directory, formed);
  }

  rule(): DegreeRule {
    return degreeRule(this.kind, this.directory.size, this.options, this.given);
  }
}
