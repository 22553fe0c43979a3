import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { seconds } from "#main/kernel/time.ts";
import { WireReader, WireWriter } from "#main/kernel/wire.ts";
import { contradictionCodec } from "./codec.ts";
import { Notary, contentOf, provesContradiction } from "./signed.ts";
import { paperSigner } from "./testing/paper-signer.ts";
import { MESH, ProposalsMesh } from "./testing/proposals-mesh.ts";
import type { Call, Contradiction, Item, Proposal, ProposalId } from "./types.ts";

const FIVE = [..."ABCDE"];

function notary(member: NodeId, mesh = MESH): Notary {
  return new Notary(paperSigner(member), mesh);
}

/** What `id` is about, as node A knows it. */
function subject(mesh: ProposalsMesh, id: ProposalId) {
  const poll = mesh.nodes.get("A")?.poll(id);
  if (poll === undefined) {
    throw new Error("A does not know the proposal");
  }
  return { proposal: poll.proposal, content: poll.content };
}

function give(mesh: ProposalsMesh, to: string, items: readonly Item[], from = "E"): void {
  const message = { type: "items", items } as const;
  [...to].forEach((node) => mesh.input(node, { kind: "message", now: mesh.now, from, message }));
}

function signedCall(member: NodeId, change: Partial<Proposal> = {}): Call {
  const proposal: Proposal = {
    id: { origin: member, epoch: 1, sequence: 1 },
    title: "t",
    text: "",
    thresholdBasisPoints: 6_700,
    quorumBasisPoints: 5_000,
    deadline: seconds(60),
    electorate: FIVE,
    ...change,
  };
  return notary(member).signCall({ proposal, content: contentOf(proposal) });
}

function dropCodes(mesh: ProposalsMesh): string[] {
  return mesh.of("dropped").map(({ event }) => event.code);
}

/** Five members of which E is in the hands of the test. */
function withTraitor(options = {}): { mesh: ProposalsMesh; id: ProposalId } {
  const mesh = new ProposalsMesh(FIVE, options);
  mesh.kill("E");
  const id = mesh.call("A");
  mesh.runTo(seconds(1));
  return { mesh, id };
}

describe("a member that signs two votes in one decision", () => {
  it("is named at every member, with a proof that anybody can check", () => {
    const { mesh, id } = withTraitor();
    const about = subject(mesh, id);
    give(mesh, "AB", [notary("E").signVote(about, "yes", "")]);
    give(mesh, "CD", [notary("E").signVote(about, "no", "")]);
    mesh.runTo(seconds(4));
    const evidence = mesh.of("evidence");
    expect(evidence.map(({ node }) => node).sort()).toEqual(["A", "B", "C", "D"]);
    expect(new Set(evidence.map(({ event }) => event.accused))).toEqual(new Set(["E"]));
    for (const { event } of evidence) {
      expect(provesContradiction(viaBytes(event.proof), notary("C"))).toBe(true);
    }
  });

  it("has no vote: neither of the two counts", () => {
    const { mesh, id } = withTraitor();
    const about = subject(mesh, id);
    mesh.votes(id, "yn--");
    give(mesh, "A", [
      notary("E").signVote(about, "yes", ""),
      notary("E").signVote(about, "no", ""),
    ]);
    give(mesh, "A", [notary("E").signVote(about, "abstain", "")]);
    mesh.runTo(seconds(4));
    expect(mesh.nodes.get("D")?.poll(id)?.tally).toEqual({
      yes: 1,
      no: 1,
      abstain: 0,
      void: 1,
      of: 5,
    });
  });

  it("cannot make honest members decide differently", () => {
    const { mesh, id } = withTraitor();
    const about = subject(mesh, id);
    mesh.cut("AB", "CD");
    mesh.votes(id, "yynn");
    give(mesh, "AB", [notary("E").signVote(about, "yes", "")]);
    give(mesh, "CD", [notary("E").signVote(about, "no", "")]);
    mesh.runTo(seconds(6));
    mesh.heal();
    mesh.runTo(seconds(15));
    const told = new Set(mesh.of("decided").map(({ event }) => event.outcome));
    expect(told.size).toBeLessThanOrEqual(1);
  });

  it("is not made one by a second reason for the same choice", () => {
    const { mesh, id } = withTraitor();
    const about = subject(mesh, id);
    give(mesh, "A", [notary("E").signVote(about, "yes", "first")]);
    give(mesh, "A", [notary("E").signVote(about, "yes", "second")]);
    expect(mesh.of("evidence")).toEqual([]);
    expect(mesh.nodes.get("A")?.poll(id)?.voteOf("E")?.reason).toBe("first");
  });
});

describe("an honest member", () => {
  it("is never called faulty for voting differently on two proposals", () => {
    const mesh = new ProposalsMesh(FIVE);
    const ids = [mesh.call("A"), mesh.call("A"), mesh.call("B")];
    mesh.runTo(seconds(1));
    ids.forEach((id, i) => mesh.votes(id, i % 2 === 0 ? "yynny" : "nnyyn"));
    mesh.runTo(seconds(10));
    expect(mesh.of("evidence")).toEqual([]);
    const votes = ids.slice(0, 2).map((id, i) => {
      const about = subject(mesh, id);
      return { about, vote: notary("E").signVote(about, i === 0 ? "yes" : "no", "") };
    });
    const [first, second] = votes;
    const call = first === undefined ? null : notary("A").signCall(first.about);
    if (first === undefined || second === undefined) {
      throw new Error("two votes");
    }
    const proof = { accused: "E", call, first: first.vote, second: second.vote };
    expect(provesContradiction(proof, notary("B"))).toBe(false);
  });

  it("is not accused by anything its key did not sign", () => {
    const { mesh, id } = withTraitor();
    const about = subject(mesh, id);
    const call = notary("A").signCall(about);
    const yes = notary("E").signVote(about, "yes", "");
    const no = notary("E").signVote(about, "no", "");
    const proves = (proof: Contradiction) => provesContradiction(proof, notary("B"));
    expect(proves({ accused: "E", call, first: yes, second: no })).toBe(true);
    expect(proves({ accused: "E", call, first: yes, second: yes })).toBe(false);
    expect(proves({ accused: "E", call: null, first: yes, second: no })).toBe(false);
    expect(proves({ accused: "B", call, first: yes, second: no })).toBe(false);
    const framed = { ...no, signature: notary("D").signVote(about, "no", "").signature };
    expect(proves({ accused: "E", call, first: yes, second: framed })).toBe(false);
    const closing = notary("E").signClosing(about, "accepted");
    expect(proves({ accused: "E", call, first: no, second: closing })).toBe(false);
    expect(proves({ accused: "A", call: null, first: call, second: call })).toBe(false);
  });
});

describe("signatures", () => {
  it("bind mesh, proposal, choice, reason and voter: anything else is dropped and counted", () => {
    const { mesh, id } = withTraitor();
    const about = subject(mesh, id);
    const other = { ...about, content: contentOf({ ...about.proposal, text: "other" }) };
    const vote = notary("E").signVote(about, "yes", "because");
    const forged: Item[] = [
      notary("E", "another mesh").signVote(about, "yes", ""),
      { ...notary("E").signVote(other, "yes", ""), proposal: id },
      { ...vote, choice: "no" },
      { ...vote, reason: "no reason" },
      { ...vote, member: "D" },
      { ...vote, signature: new Uint8Array(0) },
      { ...notary("E").signClosing(about, "accepted"), outcome: "rejected" },
      { kind: "closing", ...pick(vote), outcome: "accepted" },
    ];
    forged.forEach((item) => give(mesh, "A", [item]));
    expect(dropCodes(mesh)).toEqual(forged.map(() => "bad-signature"));
    expect(mesh.nodes.get("A")?.poll(id)?.votes()).toEqual([]);
    give(mesh, "A", [vote]);
    expect(mesh.nodes.get("A")?.poll(id)?.votes()).toHaveLength(1);
  });

  it("of who is no member count nothing", () => {
    const { mesh, id } = withTraitor();
    give(mesh, "A", [notary("X").signVote(subject(mesh, id), "yes", "")], "X");
    expect(dropCodes(mesh)).toEqual(["not-a-member"]);
  });

  it("of calls are checked: nobody calls in another's name", () => {
    const { mesh } = withTraitor();
    const call = signedCall("E");
    const id = { ...call.proposal.id, origin: "B" };
    give(mesh, "A", [{ ...call, proposal: { ...call.proposal, id } }]);
    expect(dropCodes(mesh)).toEqual(["bad-signature"]);
  });
});

describe("a member that closes twice", () => {
  it("is named, and members that heard either still decide alike", () => {
    const { mesh, id } = withTraitor();
    const about = subject(mesh, id);
    give(mesh, "AB", [notary("E").signClosing(about, "accepted")]);
    give(mesh, "CD", [notary("E").signClosing(about, "rejected")]);
    mesh.votes(id, "yyyn");
    mesh.runTo(seconds(9));
    expect(new Set(mesh.of("evidence").map(({ event }) => event.accused))).toEqual(new Set(["E"]));
    expect(mesh.outcomes(id)).toEqual(["accepted"]);
  });

  it("is caught in the act when so many do that two outcomes are closed", () => {
    const { mesh, id } = withTraitor();
    const about = subject(mesh, id);
    const all = ["C", "D", "E"];
    give(
      mesh,
      "A",
      all.map((member) => notary(member).signClosing(about, "accepted")),
    );
    give(
      mesh,
      "A",
      all.map((member) => notary(member).signClosing(about, "rejected")),
    );
    expect(mesh.of("decided", "A").map(({ event }) => event.outcome)).toEqual(["accepted"]);
    expect(mesh.of("conflict", "A").map(({ event }) => event)).toMatchObject([
      { decided: "accepted", also: "rejected" },
    ]);
  });
});

describe("a caller that signs two proposals under one id", () => {
  it("is named at every member, and nothing is decided about either", () => {
    const { mesh } = withTraitor({ policy: { kind: "manual" } });
    const calls = [signedCall("E", { title: "one" }), signedCall("E", { title: "two" })] as const;
    give(mesh, "AB", [calls[0]]);
    give(mesh, "CD", [calls[1]]);
    mesh.runTo(seconds(4));
    const { id } = calls[0].proposal;
    expect(
      mesh
        .of("evidence")
        .map(({ node }) => node)
        .sort(),
    ).toEqual(["A", "B", "C", "D"]);
    for (const { event } of mesh.of("evidence")) {
      expect(event.accused).toBe("E");
      expect(provesContradiction(viaBytes(event.proof), notary("B"))).toBe(true);
    }
    mesh.vote("A", id, "yes");
    expect(mesh.codes("A")).toEqual(["closed"]);
    mesh.runTo(seconds(100));
    expect(mesh.outcomes(id)).toEqual([null]);
    expect(mesh.of("closing").filter(({ event }) => event.id.origin === "E")).toEqual([]);
  });

  it("does not get votes for one of them counted for the other", () => {
    const { mesh } = withTraitor();
    const calls = [signedCall("E", { title: "one" }), signedCall("E", { title: "two" })] as const;
    give(mesh, "A", [calls[0]]);
    const vote = notary("B").signVote(
      { proposal: calls[1].proposal, content: contentOf(calls[1].proposal) },
      "yes",
      "",
    );
    give(mesh, "A", [vote]);
    expect(mesh.nodes.get("A")?.poll(calls[0].proposal.id)?.votes()).toEqual([]);
  });
});

describe("a caller", () => {
  it("cannot pick who is asked: an electorate that was never agreed is not taken", () => {
    const { mesh } = withTraitor();
    give(mesh, "A", [signedCall("E", { electorate: ["C", "D", "E"] })]);
    give(mesh, "A", [signedCall("E", { electorate: ["A", "B", "C", "D", "E", "F"] })]);
    expect(dropCodes(mesh)).toEqual(["unknown-electorate", "unknown-electorate"]);
    give(mesh, "A", [signedCall("X")]);
    expect(dropCodes(mesh).at(-1)).toBe("not-a-member");
  });

  it("may still use the membership that was agreed before the last change", () => {
    const { mesh } = withTraitor();
    mesh.members = ["A", "B", "C", "D"];
    mesh.input("A", { kind: "members-changed", now: mesh.now });
    give(mesh, "A", [signedCall("E")]);
    expect(mesh.of("called", "A")).toHaveLength(2);
  });

  it("cannot set terms that a call would be refused for", () => {
    const { mesh } = withTraitor();
    const bad = [
      { title: "" },
      { thresholdBasisPoints: 0 },
      { quorumBasisPoints: 4_999 },
      { quorumBasisPoints: 10_000 },
      { deadline: mesh.now + seconds(8 * 86_400) },
    ];
    bad.forEach((change) => give(mesh, "A", [signedCall("E", change)]));
    expect(dropCodes(mesh)).toEqual(bad.map(() => "bad-terms"));
  });

  it("that floods costs the others a bounded number of proposals, and blocks nobody else", () => {
    const { mesh } = withTraitor({ maxPerCaller: 4 });
    const flood = Array.from({ length: 200 }, (_, i) =>
      signedCall("E", { id: { origin: "E", epoch: 1, sequence: i + 1 } }),
    );
    give(mesh, "A", flood);
    expect(mesh.nodes.get("A")?.polls()).toHaveLength(1 + 4);
    expect(mesh.of("dropped", "A").map(({ event }) => [event.code, event.items])).toEqual([
      ["too-many", 196],
    ]);
    mesh.call("A", { title: "still possible" });
    expect(mesh.nodes.get("A")?.polls()).toHaveLength(6);
  });

  it("cannot bring back what was forgotten", () => {
    const { mesh } = withTraitor({ retainMs: 5_000 });
    const call = signedCall("E", { deadline: seconds(2) });
    give(mesh, "A", [call]);
    mesh.runTo(seconds(8));
    give(mesh, "A", [call]);
    expect(dropCodes(mesh)).toContain("stale");
    expect(mesh.nodes.get("A")?.poll(call.proposal.id)).toBeUndefined();
  });
});

function viaBytes(proof: Contradiction): Contradiction {
  const writer = new WireWriter();
  contradictionCodec.encode(writer, proof);
  return contradictionCodec.decode(new WireReader(writer.finish()));
}

function pick({ proposal, member, signature }: Extract<Item, { kind: "vote" }>) {
  return { proposal, member, signature };
}
