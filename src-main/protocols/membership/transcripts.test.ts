/**
 * Golden transcripts: what three to five machines say to each other, line by line, for review.
 * Rewritten with UPDATE_TRANSCRIPTS=1.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cluster } from "./testing/cluster.ts";

const THREE = ["A", "B", "C"];

const STORIES: Readonly<Record<string, () => Cluster>> = {
  "kill-one-of-three": () => {
    const cluster = new Cluster({ ids: THREE, formed: true, transcript: true });
    cluster.run(0);
    cluster.kill("C");
    cluster.input("A", { kind: "report", member: "C", reason: "no-ack" });
    cluster.run(6_000);
    return cluster;
  },
  "accused-and-refuted": () => {
    const cluster = new Cluster({ ids: THREE, formed: true, transcript: true });
    cluster.run(0);
    cluster.input("A", { kind: "report", member: "C", reason: "no-ack" });
    cluster.run(2_000);
    return cluster;
  },
  "join-through-a-seed": () => {
    const cluster = new Cluster({ ids: ["A", "B"], formed: true, transcript: true });
    cluster.run(0);
    cluster.boot("X", null, []);
    cluster.input("X", { kind: "join", seeds: ["A"] });
    cluster.run(1_500);
    return cluster;
  },
  "restart-with-an-empty-disk": () => {
    const cluster = new Cluster({ ids: THREE, formed: true, transcript: true });
    cluster.run(0);
    cluster.deliver("B", "C", {
      kind: "gossip",
      updates: [{ kind: "suspect", member: "C", incarnation: 3, accuser: "B" }],
    });
    cluster.run(1_500);
    cluster.restart("C", "empty");
    cluster.input("C", { kind: "join", seeds: ["A"] });
    cluster.run(1_500);
    return cluster;
  },
  "graceful-leave": () => {
    const cluster = new Cluster({ ids: THREE, formed: true, transcript: true });
    cluster.run(0);
    cluster.input("C", { kind: "leave" });
    cluster.run(4_000);
    return cluster;
  },
};

describe("transcripts", () => {
  it.each(Object.keys(STORIES))("%s", (name) => {
    const lines = STORIES[name]?.().lines ?? [];
    const text = `${lines.join("\n")}\n`;
    const file = new URL(`testing/transcripts/${name}.txt`, import.meta.url);
    if (process.env["UPDATE_TRANSCRIPTS"] === "1") {
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, "utf8"));
  });
});
