import { describe, expect, it } from "vitest";
import { logged, pbftMesh, raftMesh, traitor } from "../testing/agreement.ts";
import { meshOf } from "../testing/meshes.ts";
import type { MeshView } from "../view/model.ts";
import { checkFinal } from "./check.ts";
import { finalCheckSchema } from "./expectation.ts";
import { parseScenario } from "./scenario.ts";

function verdict(view: MeshView, check: object) {
  return checkFinal(view, finalCheckSchema.parse(check), () => 0);
}

describe("final checks of agreement", () => {
  const { view, tell } = raftMesh([..."ABC"]);
  for (const node of ["A", "B", "C"]) {
    tell(logged(node, 1, 1));
    if (node !== "C") tell({ type: "consensus.committed", node, term: 1, index: 1 });
  }

  it.each<[object, string | undefined]>([
    [{ leader: "any" }, undefined],
    [{ leader: "A" }, undefined],
    [{ leader: "B" }, "A leads, not B"],
    [{ leader: "none" }, "A leads"],
    [{ committed: { atLeast: 1 }, of: ["A", "B"] }, undefined],
    [{ committed: { atLeast: 2 }, of: ["A"] }, "the commit index of A is 1, less than 2"],
    [{ committed: { atLeast: 1 } }, "the commit index of C is not known"],
    [{ logs: "agree" }, undefined],
    [{ safety: "held" }, undefined],
    [{ safety: "not-guaranteed" }, "safety is held, not not-guaranteed"],
    [{ proposal: "accepted" }, "no such decision was called for"],
    [{ memory: "k", namespace: "n", value: null }, undefined],
    [{ memory: "k", namespace: "n", value: "v" }, 'n/k at A is not there, not "v"'],
  ])("%j: %s", (check, expected) => {
    expect(verdict(view, check)).toBe(expected);
  });

  it("cannot name a leader that no node can be", () => {
    const scenario = (leader: string) => () =>
      parseScenario({ name: "s", about: "x", expect: [{ final: { leader } }] });
    expect(scenario("any")).not.toThrow();
    expect(scenario("Z")).toThrow("expect[0].final.leader: Z is no node of the mesh");
  });

  it("see no leader once it is gone, and no consensus where there is none", () => {
    const { view, tell } = raftMesh([..."ABC"]);
    tell({ type: "node.stopped", node: "A", reason: "killed" });
    expect(verdict(view, { leader: "any" })).toBe("nobody leads (none)");
    expect(verdict(view, { leader: "none" })).toBeUndefined();
    const plain = meshOf(["A"]).view;
    expect(verdict(plain, { safety: "held" })).toBe("the mesh has no consensus");
    expect(verdict(plain, { logs: "agree" })).toBe("no running node has a log");
  });

  it("name the entry at which logs differ", () => {
    const { view, tell } = raftMesh([..."AB"]);
    tell(logged("A", 1, 1, "one"));
    tell(logged("B", 1, 1, "two"));
    const said = "the logs differ at entry 1: A one of term 1, B two of term 1";
    expect(verdict(view, { logs: "agree" })).toBe(said);
    tell({ type: "node.stopped", node: "B", reason: "killed" });
    expect(verdict(view, { logs: "agree" })).toBeUndefined();
  });

  it("want one value on every running node", () => {
    const { view, tell } = raftMesh([..."AB"]);
    const change = { type: "memory.changed", namespace: "n", key: "k", version: "1" } as const;
    const held = { memory: "k", namespace: "n", value: "v" };
    tell({ ...change, node: "A", values: ["v"], cause: "write" });
    expect(verdict(view, held)).toBe('n/k at B is not there, not "v"');
    tell({ ...change, node: "B", values: ["v", "w"], cause: "merge" });
    expect(verdict(view, held)).toBe('n/k at B is "v" and "w", not "v"');
    tell({ ...change, node: "B", values: ["v"], cause: "merge" });
    expect(verdict(view, held)).toBeUndefined();
    expect(verdict(view, { ...held, value: null })).toBe('n/k at A is "v"');
  });

  it("want the same outcome wherever the decision is known", () => {
    const { view, tell } = raftMesh([..."AB"]);
    const terms = { threshold: 0.67, quorum: 2, of: 2, deadline: 9 };
    for (const node of ["A", "B"]) {
      const call = { proposal: "p1", caller: "A", title: "t", text: "", ...terms };
      tell({ type: "proposal.called", node, ...call });
    }
    const tally = { yes: 2, no: 0, abstain: 0, of: 2 };
    const decided = { type: "proposal.decided", proposal: "p1", ...tally } as const;
    tell({ ...decided, node: "A", outcome: "accepted" });
    expect(verdict(view, { proposal: "accepted" })).toBe("p1 is open at B, not accepted");
    tell({ ...decided, node: "B", outcome: "accepted" });
    expect(verdict(view, { proposal: "accepted", title: "t" })).toBeUndefined();
    expect(verdict(view, { proposal: "rejected" })).toBe("p1 is accepted at A, not rejected");
  });

  it("see that traitors are more than safety bears", () => {
    const { view, tell } = pbftMesh([..."ABCD"]);
    tell(traitor("f1", "B"));
    expect(verdict(view, { safety: "held" })).toBeUndefined();
    tell(traitor("f2", "C"));
    expect(verdict(view, { safety: "held" })).toBe("safety is not-guaranteed, not held");
  });
});
