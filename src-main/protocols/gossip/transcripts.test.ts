// Golden transcripts: who said what to whom, and what came of it. Review changes as diffs; rewrite
// them with UPDATE_TRANSCRIPTS=1.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import { rumourKey } from "./rumour-id.ts";
import { GossipMesh } from "./testing/gossip-mesh.ts";
import type { GossipEvent, GossipMessage, RumourDigest } from "./types.ts";

function describeDigest({ streams }: RumourDigest): string {
  const parts = streams.map(
    ({ origin, floor, highest, missing }) =>
      `${origin}:${floor}-${highest}${missing.length > 0 ? ` without ${missing.join()}` : ""}`,
  );
  return parts.length === 0 ? "nothing" : parts.join(" ");
}

function describeMessage(message: GossipMessage): string {
  switch (message.type) {
    case "rumours":
      return `${message.via} ${message.copies
        .map(({ rumour, hops }) => `${rumourKey(rumour.id)} (hop ${hops})`)
        .join(", ")}`;
    case "feedback":
      return `feedback: knew ${message.known.map(rumourKey).join(", ")}`;
    case "want":
      return `want ${message.ids.map(rumourKey).join(", ")}`;
    case "pull":
    case "compare":
      return `${message.type}, holding ${describeDigest(message.digest)}`;
  }
}

function describeEvent(event: GossipEvent): string | null {
  switch (event.kind) {
    case "published":
      return `published ${rumourKey(event.rumour.id)}`;
    case "refused":
      return `refused: ${event.code}`;
    case "received":
      return `received ${rumourKey(event.rumour.id)} by ${event.via}, hop ${event.hops}`;
    case "cooled":
      return `cooled ${rumourKey(event.id)} after ${event.sent} copies`;
    case "round":
      return null;
  }
}

function transcript(mesh: GossipMesh): string {
  const lines: (readonly [number, string])[] = [];
  for (const { at, from, to, message, lost } of mesh.sent) {
    lines.push([at, `${from} -> ${to}  ${describeMessage(message)}${lost ? "  (lost)" : ""}`]);
  }
  for (const { at, node, event } of mesh.events) {
    const text = describeEvent(event);
    if (text !== null) {
      lines.push([at, `${node}  ${text}`]);
    }
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

describe("transcripts", () => {
  it("an urgent rumour is mongered until its peers have heard it often enough", () => {
    const mesh = new GossipMesh([..."ABC"], { stopAfter: 1, gossipIntervalMs: 60_000 });
    mesh.publish("A", "urgent", true);
    mesh.runTo(seconds(2));
    expectGolden("mongering", transcript(mesh));
  });

  it("push-pull brings a rumour to everybody, pushes it for its rounds, then only pulls", () => {
    const mesh = new GossipMesh([..."ABC"], { fanout: 1, antiEntropyEvery: 0 });
    mesh.publish("A", "calm");
    mesh.runTo(seconds(15));
    expectGolden("push-pull", transcript(mesh));
  });

  it("a comparison carries only what is missing, in both directions", () => {
    const mesh = new GossipMesh([..."AB"], { mode: "push", antiEntropyEvery: 2 }, 2);
    mesh.drop = () => mesh.now < seconds(20);
    mesh.publish("A", "one");
    mesh.publish("B", "two");
    mesh.runTo(seconds(19));
    mesh.sent.length = 0;
    mesh.runTo(seconds(28));
    expectGolden("anti-entropy", transcript(mesh));
  });
});
