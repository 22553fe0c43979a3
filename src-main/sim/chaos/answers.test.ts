// What a mesh answers and shows of its agreement, whatever the strategy.
import { describe, expect, test } from "vitest";
import { inspectionSchema } from "#shared/contract/inspection.ts";
import type { MeshEventOf } from "#shared/contract/events.ts";
import { type MeshOptionsInput, meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { type MeshCommandInput, meshCommandSchema } from "#shared/contract/commands.ts";
import { seconds } from "#main/kernel/time.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import { meshFactory } from "../mesh-factory.ts";

class Trial {
  readonly mesh: SimMesh;
  readonly broken: string[] = [];
  readonly #answers = new Map<string, MeshEventOf<"request.answered">>();

  constructor(options: MeshOptionsInput) {
    this.mesh = new SimMesh(meshOptionsSchema.parse({ topology: { kind: "full" }, ...options }), {
      factory: meshFactory,
      sink: (event) => {
        if (event.type === "request.answered") {
          this.#answers.set(event.request, event);
        } else if (event.type === "invariant.violated") {
          this.broken.push(event.message);
        }
      },
    });
  }

  give(command: MeshCommandInput): string {
    return this.mesh.execute(meshCommandSchema.parse(command), "test").created ?? "";
  }

  wait(forSeconds: number): this {
    this.mesh.runUntil(this.mesh.now + seconds(forSeconds));
    return this;
  }

  answer(request: string): MeshEventOf<"request.answered"> | undefined {
    return this.#answers.get(request);
  }

  get leader(): string {
    return this.mesh.inspect("A", undefined, 1).consensus?.leader ?? "";
  }
}

describe("orders to the group", () => {
  test("a transfer that succeeds says so, and names no entry that is not agreed", () => {
    const trial = new Trial({ nodes: 5, consensus: { kind: "raft" } }).wait(2);
    const to = trial.leader === "B" ? "C" : "B";
    const request = trial.give({ type: "consensus.transfer", to });
    trial.wait(2);
    expect(trial.answer(request)).toMatchObject({ code: "ok" });
    expect(trial.leader).toBe(to);
    expect(trial.broken).toEqual([]);
  });

  test("a change of the voters that is complete says so", () => {
    const trial = new Trial({ nodes: 5, consensus: { kind: "raft", members: 3 } }).wait(2);
    const request = trial.give({ type: "consensus.reconfigure", voters: ["A", "B", "C", "D"] });
    trial.wait(2);
    expect(trial.answer(request)).toMatchObject({ code: "ok" });
    expect(trial.broken).toEqual([]);
  });
});

describe("a request to a node that is still writing that it begins", () => {
  test.each(["raft", "pbft", "epidemic"] as const)("ends in one answer: %s", (kind) => {
    const trial = new Trial({
      nodes: 4,
      consensus: { kind, requestTimeoutMs: 1_000 },
      memory: { namespaces: [{ name: "shop", mode: "strong" }] },
    }).wait(2);
    trial.give({ type: "node.kill", nodes: ["B"] });
    trial.wait(1).give({ type: "node.restart", nodes: ["B"], disk: "keep" });
    const key = { node: "B", namespace: "shop", key: "price" } as const;
    const requests = [
      trial.give({ type: "consensus.propose", node: "B", value: "early" }),
      trial.give({ type: "memory.write", ...key, value: "10" }),
      trial.give({ type: "memory.read", ...key }),
    ];
    trial.wait(5);
    const codes = requests.map((request) => trial.answer(request)?.code);
    expect(codes).not.toContain(undefined);
  });
});

describe("what is seen of a member", () => {
  test.each(["raft", "pbft", "epidemic"] as const)("fits its schema: %s", (kind) => {
    const trial = new Trial({ nodes: 5, consensus: { kind, members: 4 } }).wait(3);
    for (const { id } of trial.mesh.nodes) {
      const parsed = inspectionSchema.safeParse(trial.mesh.inspect(id, undefined, 10));
      expect(parsed.error?.issues ?? []).toEqual([]);
    }
  });
});

describe("options that cannot work", () => {
  const withCheckpoints = (checkpointEvery: number) =>
    new Trial({ nodes: 4, consensus: { kind: "pbft", pbft: { checkpointEvery } } });

  test("are refused by the name that was given, up to the limit they work", () => {
    expect(() => withCheckpoints(100_000)).toThrow(/checkpointEvery must be 1 to 2048/);
    expect(withCheckpoints(2_048).wait(2).leader).toBe("A");
  });
});
