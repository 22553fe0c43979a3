// Golden transcripts: who said what to whom, and what came of it. Review changes as diffs; rewrite
// them with UPDATE_TRANSCRIPTS=1.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ConsensusEvent } from "#main/kernel/consensus.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { RaftWorld } from "./testing/raft-world.ts";
import type { RaftMessage } from "./types.ts";

function describeMessage(message: RaftMessage): string | null {
  switch (message.kind) {
    case "pre-vote":
    case "vote":
      return `${message.kind} for term ${message.term}, log ends ${message.lastIndex}.${message.lastTerm}`;
    case "pre-vote-reply":
    case "vote-reply":
      return `${message.kind} ${message.granted ? "yes" : "no"} (term ${message.term})`;
    case "append":
      return `append behind ${message.prevIndex}.${message.prevTerm}: ${message.entries.map(({ index, term, kind }) => `${index}.${term} ${kind}`).join(", ") || "nothing"}; commit ${message.commit}`;
    case "append-reply":
      return message.ok
        ? `append-reply: has ${message.match}`
        : `append-reply: not behind ${message.rejected}, meet at ${message.hintIndex}.${message.hintTerm}`;
    case "heartbeat":
      return message.round > 0 ? null : `commit ${message.commit}`;
    case "heartbeat-reply":
      return null;
    case "forward":
      return `forward ${message.commands.map(({ client, sequence }) => `${client}#${sequence}`).join(", ")}`;
    case "answer":
      return `answer ${message.client}#${message.sequence}: ${message.outcome} at ${message.index}`;
    default:
      return message.kind;
  }
}

function describeEvent(event: ConsensusEvent): string | null {
  switch (event.kind) {
    case "role":
      return `is ${event.role} in term ${event.term}, leader ${event.leader ?? "unknown"}: ${event.reason}`;
    case "tally":
      return null;
    case "config":
      return `config at ${event.index}: ${event.voters.join()}${event.outgoing.length > 0 ? ` and ${event.outgoing.join()}` : ""}${event.committed ? ", committed" : ""}`;
    case "truncated":
      return `truncated ${event.from} to ${event.to}`;
    case "committed":
      return `committed ${event.index}`;
    case "answered":
      return `answered ${event.request}: ${event.outcome.ok ? "ok" : event.outcome.code}`;
    default:
      return null;
  }
}

function transcript(world: RaftWorld, from: number): string {
  const lines: (readonly [number, string])[] = [];
  for (const { at, from: sender, to, message } of world.carried) {
    const text = describeMessage(message);
    if (text !== null) {
      lines.push([at, `${sender} -> ${to}  ${text}`]);
    }
  }
  for (const { at, node, event } of world.events) {
    const text = describeEvent(event);
    if (text !== null) {
      lines.push([at, `${node}  ${text}`]);
    }
  }
  // Stable: within one moment messages first, then events, each in their order.
  return `${lines
    .filter(([at]) => at >= from)
    .sort((a, b) => a[0] - b[0])
    .map(([at, text]) => `${(at / 1_000).toFixed(1).padStart(8)} ms  ${text}`)
    .join("\n")}\n`;
}

function expectGolden(name: string, actual: string): void {
  const file = new URL(`transcripts/${name}.txt`, import.meta.url);
  if (process.env["UPDATE_TRANSCRIPTS"] === "1") {
    writeFileSync(file, actual);
  }
  expect(actual).toBe(readFileSync(file, "utf8"));
}

const group = (seed: number) =>
  new RaftWorld({ seed, members: [..."abc"], latencyUs: [ms(2), ms(4)] });

describe("transcripts", () => {
  it("the first election, and a command proposed at a follower", () => {
    const world = group(1);
    world.runFor(ms(400));
    const follower = [..."abc"].find((node) => node !== world.leader()) ?? "";
    world.propose(follower, "x");
    world.runFor(ms(100));
    expectGolden("election", transcript(world, 0));
  });

  it("a leader that was cut off loses what it had not agreed", () => {
    const world = group(2);
    world.runFor(ms(500));
    const leader = world.leader() ?? "";
    world.propose(leader, "first");
    world.runFor(ms(100));
    world.drop = (from, to) => from === leader || to === leader;
    const cut = world.now;
    world.propose(leader, "lost");
    world.runFor(ms(800));
    world.propose([..."abc"].find((node) => node !== leader) ?? "", "kept");
    world.runFor(ms(100));
    world.drop = () => false;
    world.runFor(ms(300));
    expectGolden("log-repair", transcript(world, cut));
  });

  it("a change of all members through a joint configuration", () => {
    const world = group(3);
    world.start("d");
    world.runFor(seconds(1));
    const begun = world.now;
    world.reconfigure("a", [..."bcd"]);
    world.runFor(ms(200));
    expectGolden("joint-change", transcript(world, begun));
  });
});
