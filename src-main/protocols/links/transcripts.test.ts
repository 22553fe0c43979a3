// Golden transcripts of link agreement and repair, pings left out. Review changes as diffs; rewrite
// them with UPDATE_TRANSCRIPTS=1.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import { LinksMesh } from "./testing/links-mesh.ts";
import type { LinksEvent, LinksMessage } from "./types.ts";

function describeMessage(message: LinksMessage): string | null {
  switch (message.type) {
    case "offer":
    case "accept":
    case "reject":
    case "close":
      return `${message.type} (${message.reason})`;
    case "adverts":
      return `adverts ${message.adverts
        .map(({ node, version, neighbours }) => `${node}.${version}[${neighbours.join("")}]`)
        .join(" ")}`;
    case "summary":
      return `summary of ${message.stamps.length}`;
    case "want":
      return `want ${message.nodes.join("")}`;
    case "trace":
      return `trace to ${message.to}, ttl ${message.ttl}, path ${message.path.join("-")}`;
    case "traced":
      return `traced to ${message.to}: ${message.end}, path ${message.path.join("-")}`;
    case "compare":
      return "compare";
    case "ping":
    case "pong":
      return null;
  }
}

function describeEvent(event: LinksEvent): string | null {
  switch (event.kind) {
    case "link-up":
    case "link-down":
      return `${event.kind} ${event.peer} (${event.reason})`;
    case "disjoint":
      return event.held ? "two routes held" : `two routes lost, weak: ${event.weak.join("")}`;
    case "degree-low":
      return `degree ${event.degree} of ${event.wanted}, nobody to ask`;
    case "silent":
      return `${event.peer} silent after ${event.misses} pings`;
    case "traced":
      return `trace to ${event.to}: ${event.reason}, path ${event.path.join("-")}`;
    case "latency":
      return null;
  }
}

function transcript(mesh: LinksMesh, since: number): string {
  const lines: (readonly [number, string])[] = [];
  const add = (at: number, text: string | null, prefix: string) => {
    if (text !== null && at >= since) {
      lines.push([at, `${prefix}  ${text}`]);
    }
  };
  for (const { at, from, to, message } of mesh.sent) {
    add(at, describeMessage(message), `${from} -> ${to}`);
  }
  for (const { at, node, event } of mesh.events) {
    add(at, describeEvent(event), node);
  }
  // Stable: within one moment messages first, then events, each in their order.
  lines.sort((a, b) => a[0] - b[0]);
  return `${lines.map(([at, text]) => `${(at / 1_000).toFixed(1).padStart(9)} ms  ${text}`).join("\n")}\n`;
}

function expectGolden(name: string, actual: string): void {
  const file = new URL(`transcripts/${name}.txt`, import.meta.url);
  if (process.env["UPDATE_TRANSCRIPTS"] === "1") {
    writeFileSync(file, actual);
  }
  expect(actual).toBe(readFileSync(file, "utf8"));
}

const quiet = { announceIntervalMs: 3_600_000, optimiseIntervalMs: 0 };

describe("transcripts", () => {
  it("a ring of five closes after a loss, and a trace goes around it", () => {
    const mesh = new LinksMesh({ ids: [..."ABCDE"], options: { ...quiet, kind: "ring" } });
    mesh.runTo(seconds(5));
    mesh.kill("C");
    mesh.declare("C", "dead");
    mesh.runTo(seconds(8));
    mesh.trace("B", "E");
    mesh.runTo(seconds(9));
    expectGolden("ring-repair", transcript(mesh, seconds(5)));
  });

  it("a newcomer links to a full triangle", () => {
    const mesh = new LinksMesh({ ids: [..."ABC"], options: quiet });
    mesh.runTo(seconds(5));
    mesh.join("D");
    mesh.runTo(seconds(8));
    expectGolden("join", transcript(mesh, seconds(5)));
  });
});
