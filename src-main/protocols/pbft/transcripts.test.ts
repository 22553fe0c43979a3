// Golden transcripts: who said what to whom, and what came of it. Review changes as diffs; rewrite
// them with UPDATE_TRANSCRIPTS=1.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ConsensusEvent } from "#main/kernel/consensus.ts";
import { seconds } from "#main/kernel/time.ts";
import { NULL_DIGEST } from "./digest.ts";
import { PbftMesh } from "./testing/pbft-mesh.ts";
import type { PbftMessage } from "./types.ts";

function describeMessage(message: PbftMessage): string {
  const { view, sequence, type } = message;
  switch (message.type) {
    case "request":
      return `request ${sequence} of ${message.sender} (${message.operation})`;
    case "pre-prepare":
    case "prepare":
    case "commit":
      return `${type} view ${view} number ${sequence}`;
    case "reply":
      return `reply to ${message.request}: ${message.verdict} at ${sequence}`;
    case "view-change":
      return `view-change to ${view} from ${sequence}, prepared ${listed(message.prepared)}`;
    case "new-view": {
      const nulls = message.orders.filter(({ digest }) => digest === NULL_DIGEST).length;
      const from = message.viewChanges.map(({ sender }) => sender).join(" ");
      return `new-view ${view} on ${from}, orders ${listed(message.orders)}, null ${nulls}`;
    }
    default:
      return `${type} ${sequence}`;
  }
}

function listed(items: readonly { readonly sequence: number }[]): string {
  return items.map(({ sequence }) => sequence).join(" ") || "nothing";
}

function describeEvent(event: ConsensusEvent): string | null {
  switch (event.kind) {
    case "role":
      return `${event.role} of view ${event.term}: ${event.reason}`;
    case "round":
      return `number ${event.index} ${event.phase} in view ${event.term}`;
    case "vote":
      return `demands view ${event.term} of ${event.candidate}`;
    case "tally":
      return `has ${event.have} of ${event.needed} demands for view ${event.term}`;
    case "answered":
      return `answer: ${event.outcome.ok ? `ok at ${event.outcome.index}` : event.outcome.code}`;
    default:
      return null;
  }
}

function transcript(mesh: PbftMesh, from: number): string {
  const lines: (readonly [number, string])[] = [];
  const { sent, events } = mesh.world;
  for (const { at, from: sender, to, message, lost } of sent) {
    lines.push([at, `${sender} -> ${to}  ${describeMessage(message)}${lost ? "  (lost)" : ""}`]);
  }
  for (const { at, node, event } of events) {
    const text = describeEvent(event);
    if (text !== null) {
      lines.push([at, `${node}  ${text}`]);
    }
  }
  // Stable: within one moment messages first, then events, each in their order.
  const later = lines.filter(([at]) => at >= from).sort((a, b) => a[0] - b[0]);
  return `${later.map(([at, text]) => `${(at / 1_000).toFixed(1).padStart(9)} ms  ${text}`).join("\n")}\n`;
}

function expectGolden(name: string, actual: string): void {
  const file = new URL(`transcripts/${name}.txt`, import.meta.url);
  if (process.env["UPDATE_TRANSCRIPTS"] === "1") {
    writeFileSync(file, actual);
  }
  expect(actual).toBe(readFileSync(file, "utf8"));
}

describe("transcripts", () => {
  it("the normal case: one request, three phases, four replies", () => {
    const mesh = new PbftMesh(4);
    mesh.start("client");
    mesh.commit("client", "opens the session");
    mesh.runFor(seconds(5) - mesh.now);
    mesh.propose("client", "x");
    mesh.runFor(seconds(0.1));
    expectGolden("normal-case", transcript(mesh, seconds(5)));
  });

  it("a view change: the primary dies when a request is prepared and not committed", () => {
    const mesh = new PbftMesh(4, { idleStatusIntervalMs: 60_000, statusIntervalMs: 60_000 });
    mesh.commit("r2", "before");
    mesh.runFor(seconds(5) - mesh.now);
    mesh.world.drop = (_from, _to, { type }) => type === "commit";
    mesh.propose("r2", "prepared");
    mesh.runFor(seconds(0.05));
    mesh.kill("r0");
    mesh.world.drop = () => false;
    mesh.runFor(seconds(2));
    expectGolden("view-change", transcript(mesh, seconds(5)));
  });
});
