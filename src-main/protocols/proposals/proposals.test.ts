import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { PROPOSALS_DEFAULTS, type ProposalsOptions } from "./options.ts";
import { Proposals } from "./proposals.ts";
import { proposalKey } from "./proposal-id.ts";
import type { ProposalsSetup } from "./setup.ts";
import { paperSigner } from "./testing/paper-signer.ts";
import { MESH, ProposalsMesh } from "./testing/proposals-mesh.ts";
import type { ProposalsEffect, ProposalsInput } from "./types.ts";

const FIVE = [..."ABCDE"];
const CALL = { kind: "call", now: 2_000, request: 7, title: "t", text: "", deadlineMs: 1 } as const;

/** One machine on its own, with members that never answer. */
function single(options: Partial<ProposalsOptions> = {}, setup: Partial<ProposalsSetup> = {}) {
  const machine = new Proposals({
    mesh: MESH,
    signer: paperSigner("A"),
    options: { ...PROPOSALS_DEFAULTS, ...options },
    random: createRandom(1),
    peers: () => FIVE,
    members: () => FIVE,
    restore: [],
    ...setup,
  });
  machine.step({ kind: "start", now: 1_000 });
  return machine;
}

function codeOf(effects: readonly ProposalsEffect[]): string | undefined {
  const [only] = effects;
  return only?.kind === "emit" && only.event.kind === "refused" ? only.event.code : undefined;
}

describe("calling", () => {
  it("is durable before it is acknowledged or sent", () => {
    const effects = single().step(CALL);
    const [persist, ...rest] = effects;
    expect(rest.map((one) => one.kind)).toEqual(["timer"]);
    expect(persist).toMatchObject({ kind: "persist", record: { kind: "call" } });
    const then = persist?.kind === "persist" ? persist.then : [];
    expect(then.map((one) => (one.kind === "emit" ? one.event.kind : one.kind))).toEqual([
      "called",
      "accepted",
      "send",
      "send",
      "send",
    ]);
  });

  it("takes 0.67 of yes, more than half of the members, and 30 s, by default", () => {
    const mesh = new ProposalsMesh(FIVE);
    const what = { kind: "call", request: 1, title: "t", text: "" } as const;
    mesh.input("A", { ...what, now: 0 });
    const id = { origin: "A", epoch: 0, sequence: 1 };
    expect(mesh.nodes.get("A")?.poll(id)?.proposal).toMatchObject({
      thresholdBasisPoints: 6_700,
      quorumBasisPoints: 5_000,
      electorate: FIVE,
      deadline: seconds(30),
    });
    expect(mesh.of("called", "A")[0]?.event).toMatchObject({ needed: 3, from: null });
  });

  it("is refused with a definite code", () => {
    const code = (change: object) => codeOf(single().step({ ...CALL, ...change }));
    expect(code({ title: "" })).toBe("bad-title");
    expect(code({ title: "x".repeat(129) })).toBe("bad-title");
    expect(code({ text: "x".repeat(4_097) })).toBe("bad-text");
    expect(code({ threshold: 0 })).toBe("bad-threshold");
    expect(code({ threshold: 1.01 })).toBe("bad-threshold");
    expect(code({ threshold: Number.NaN })).toBe("bad-threshold");
    expect(code({ quorum: 0.49 })).toBe("bad-quorum");
    expect(code({ quorum: 1 })).toBe("bad-quorum");
    expect(code({ deadlineMs: 0 })).toBe("bad-deadline");
    expect(code({ deadlineMs: 8 * 86_400_000 })).toBe("bad-deadline");
    expect(code({ deadlineMs: Number.NaN })).toBe("bad-deadline");
    const outsider = single({}, { members: () => ["B", "C"] });
    expect(codeOf(outsider.step(CALL))).toBe("not-a-member");
    const crowd = FIVE.concat(Array.from({ length: 1_020 }, (_, i) => `n${i}`));
    expect(codeOf(single({}, { members: () => crowd }).step(CALL))).toBe("too-many-members");
  });

  it("is refused for what the node's own validation objects to", () => {
    const validate = ({ title }: { title: string }) => (title === "t" ? "nonsense" : null);
    const machine = single({}, { validate });
    expect(codeOf(machine.step(CALL))).toBe("invalid");
    expect(machine.step({ ...CALL, title: "sense" })[0]?.kind).toBe("persist");
  });

  it("is refused before the start and while read-only", () => {
    const setup = { mesh: MESH, signer: paperSigner("A"), options: PROPOSALS_DEFAULTS };
    const ports = { random: createRandom(1), peers: () => FIVE, members: () => FIVE, restore: [] };
    expect(codeOf(new Proposals({ ...setup, ...ports }).step(CALL))).toBe("not-running");
    const machine = single();
    machine.step({ kind: "writable", now: 1_500, writable: false });
    expect(codeOf(machine.step(CALL))).toBe("read-only");
    machine.step({ kind: "writable", now: 1_600, writable: true });
    expect(machine.step(CALL)[0]?.kind).toBe("persist");
  });

  it("never gives two proposals one id, over a restart with a clock that stood still", () => {
    const mesh = new ProposalsMesh(FIVE);
    const keys = [mesh.call("A"), mesh.call("A")].map(proposalKey);
    mesh.kill("A");
    mesh.boot("A");
    keys.push(proposalKey(mesh.call("A")));
    expect(new Set(keys).size).toBe(3);
  });
});

describe("voting", () => {
  it("reaches every member with choice and reason", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A");
    mesh.runTo(seconds(1));
    mesh.vote("B", id, "no", "too early");
    mesh.runTo(seconds(3));
    const heard = mesh.of("voted").map(({ node, event }) => ({ node, ...event }));
    expect(heard.map((one) => one.node).sort()).toEqual(FIVE);
    expect(heard[0]).toMatchObject({ voter: "B", choice: "no", reason: "too early" });
  });

  it("is durable before it is sent", () => {
    const machine = single();
    machine.step(CALL);
    const proposal = { origin: "A", epoch: 1_000, sequence: 1 };
    const vote = { kind: "vote", now: 2_500, request: 8, choice: "yes", reason: "" } as const;
    const effects = machine.step({ ...vote, proposal });
    expect(effects.map((one) => one.kind)).toEqual(["persist"]);
    const then = effects[0]?.kind === "persist" ? effects[0].then : [];
    expect(then.map((one) => (one.kind === "emit" ? one.event.kind : one.kind))).toEqual([
      "voted",
      "accepted",
      "send",
      "send",
      "send",
    ]);
  });

  it("is done at most once each, also after a restart", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A");
    mesh.runTo(seconds(1));
    mesh.vote("B", id, "no");
    mesh.vote("B", id, "yes");
    mesh.kill("B");
    mesh.boot("B");
    mesh.vote("B", id, "yes");
    mesh.runTo(seconds(3));
    expect(mesh.codes("B")).toEqual(["already-voted", "already-voted"]);
    expect(mesh.nodes.get("A")?.poll(id)?.tally).toMatchObject({ yes: 0, no: 1 });
    expect(mesh.of("evidence")).toEqual([]);
  });

  it("is refused with a definite code", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A", { deadlineMs: 3_000 });
    mesh.runTo(seconds(1));
    mesh.vote("B", { ...id, sequence: 9 }, "yes");
    mesh.vote("B", id, "yes", "x".repeat(513));
    mesh.input("B", { kind: "writable", now: mesh.now, writable: false });
    mesh.vote("B", id, "yes");
    mesh.input("B", { kind: "writable", now: mesh.now, writable: true });
    mesh.runTo(seconds(3) + 1);
    mesh.vote("B", id, "yes");
    expect(mesh.codes("B")).toEqual(["unknown-proposal", "bad-reason", "read-only", "closed"]);
  });

  it("is over for a member that has said what it counted", () => {
    const mesh = new ProposalsMesh(FIVE, { fanout: 4 });
    const id = mesh.call("A");
    mesh.runTo(seconds(1));
    mesh.drop = (_, to) => to !== "A";
    mesh.votes(id, "-yyyy");
    mesh.runTo(mesh.now + ms(10));
    expect(mesh.nodes.get("A")?.poll(id)?.closingOf("A")?.outcome).toBe("accepted");
    expect(mesh.outcomeAt("A", id)).toBeNull();
    mesh.vote("A", id, "no");
    expect(mesh.codes("A")).toEqual(["closed"]);
  });

  it("is for members only: a joiner learns of proposals and may not vote", () => {
    const mesh = new ProposalsMesh([...FIVE, "J"]);
    mesh.members = FIVE;
    mesh.ids.forEach((node) => mesh.input(node, { kind: "members-changed", now: 0 }));
    const id = mesh.call("A");
    mesh.runTo(seconds(2));
    mesh.vote("J", id, "yes");
    expect(mesh.codes("J")).toEqual(["not-a-member"]);
    mesh.votes(id, "yyyyy");
    mesh.runTo(seconds(4));
    expect(mesh.outcomeAt("J", id)).toBe("accepted");
    expect(mesh.of("decided", "J")[0]?.event).toMatchObject({ yes: 5, of: 5 });
  });
});

describe("the outcome", () => {
  it.each([
    ["yyyy-", 0.67, "accepted"],
    ["yyn--", 0.67, "rejected"],
    ["yyn--", 0.66, "accepted"],
    ["yy---", 0.67, "no-quorum"],
    ["yaa--", 0.67, "accepted"],
    ["aaaaa", 0.67, "rejected"],
    ["nnnnn", 0.67, "rejected"],
    ["-----", 0.67, "no-quorum"],
  ])("of %s at a threshold of %d is %s at every member", (letters, threshold, outcome) => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A", { threshold, deadlineMs: 3_000 });
    mesh.runTo(seconds(2));
    mesh.votes(id, letters);
    mesh.runTo(seconds(7));
    expect(mesh.outcomes(id)).toEqual([outcome]);
    expect(mesh.of("decided")).toHaveLength(5);
  });

  it("comes early when no vote can change it any more, else after the deadline", () => {
    const mesh = new ProposalsMesh(FIVE);
    const settled = mesh.call("A", { title: "settled", deadlineMs: 60_000 });
    const open = mesh.call("B", { title: "open", deadlineMs: 60_000 });
    mesh.runTo(seconds(2));
    mesh.votes(settled, "yyyy-");
    mesh.votes(open, "yyn--");
    mesh.runTo(seconds(10));
    expect(mesh.outcomes(settled)).toEqual(["accepted"]);
    expect(mesh.outcomes(open)).toEqual([null]);
    mesh.runTo(seconds(60));
    expect(mesh.outcomes(open)).toEqual([null]);
    mesh.runTo(seconds(65));
    expect(mesh.outcomes(open)).toEqual(["rejected"]);
  });

  it("needs no caller: it dies right after the call", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A");
    mesh.runTo(ms(100));
    mesh.kill("A");
    mesh.runTo(seconds(1));
    mesh.votes(id, "-yyy-");
    mesh.runTo(seconds(10));
    expect(mesh.outcomes(id)).toEqual(["accepted"]);
  });

  it("needs no voter who never comes", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A", { deadlineMs: 3_000 });
    mesh.kill("D");
    mesh.kill("E");
    mesh.runTo(seconds(1));
    mesh.votes(id, "yny--");
    mesh.runTo(seconds(7));
    expect(mesh.outcomes(id)).toEqual(["rejected"]);
  });

  it("is not taken by a minority: it waits, and learns what the majority decided", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A", { deadlineMs: 6_000 });
    mesh.runTo(seconds(1));
    mesh.cut("ABC", "DE");
    for (const node of ["D", "E"]) {
      mesh.input(node, { kind: "writable", now: mesh.now, writable: false });
    }
    mesh.votes(id, "yyyyy");
    expect(mesh.codes()).toEqual(["read-only", "read-only"]);
    mesh.runTo(seconds(12));
    expect(["A", "D"].map((node) => mesh.outcomeAt(node, id))).toEqual(["accepted", null]);
    mesh.heal();
    mesh.runTo(seconds(15));
    expect(mesh.outcomes(id)).toEqual(["accepted"]);
  });

  it("of a read-only half that voted before the cut comes after the cut is healed", () => {
    const mesh = new ProposalsMesh([..."ABCD"]);
    const id = mesh.call("A", { deadlineMs: 3_000 });
    mesh.runTo(seconds(1));
    mesh.cut("AB", "CD");
    mesh.votes(id, "yyyn");
    for (const node of mesh.ids) {
      mesh.input(node, { kind: "writable", now: mesh.now, writable: false });
    }
    mesh.runTo(seconds(20));
    expect(mesh.outcomes(id)).toEqual([null]);
    mesh.heal();
    // At once: before anybody heard what the other half had voted.
    for (const node of mesh.ids) {
      mesh.input(node, { kind: "writable", now: mesh.now, writable: true });
    }
    mesh.runTo(seconds(25));
    expect(mesh.outcomes(id)).toEqual(["accepted"]);
  });

  it("is the one of the members when it was called, whoever joins or leaves meanwhile", () => {
    const mesh = new ProposalsMesh([...FIVE, "J"]);
    mesh.members = FIVE;
    mesh.ids.forEach((node) => mesh.input(node, { kind: "members-changed", now: 0 }));
    const id = mesh.call("A", { deadlineMs: 3_000 });
    mesh.runTo(seconds(1));
    mesh.members = ["A", "B", "C", "J"];
    mesh.ids.forEach((node) => mesh.input(node, { kind: "members-changed", now: mesh.now }));
    mesh.votes(id, "yy-");
    mesh.runTo(seconds(8));
    expect(mesh.outcomes(id)).toEqual(["no-quorum"]);
    expect(mesh.of("decided")[0]?.event).toMatchObject({ of: 5, needed: 3 });
  });

  it("is told once for each disk", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A");
    mesh.runTo(seconds(1));
    mesh.votes(id, "yyyyy");
    mesh.runTo(seconds(4));
    mesh.kill("C");
    mesh.boot("C");
    mesh.runTo(seconds(8));
    expect(mesh.of("decided", "C")).toHaveLength(1);
    expect(mesh.outcomeAt("C", id)).toBe("accepted");
  });

  it("reaches a node that was away for the whole vote", () => {
    const mesh = new ProposalsMesh(FIVE);
    mesh.kill("E");
    const id = mesh.call("A", { deadlineMs: 2_000 });
    mesh.runTo(seconds(1));
    mesh.votes(id, "yyn-");
    mesh.runTo(seconds(30));
    mesh.boot("E");
    mesh.runTo(seconds(33));
    expect(mesh.outcomes(id)).toEqual(["rejected"]);
    // It closed nothing before it had heard the others.
    expect(mesh.of("closing", "E").filter(({ event }) => event.outcome !== "rejected")).toEqual([]);
  });

  it("is not prejudged by a node that was away, and knows the call but not the votes", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A", { deadlineMs: 2_000 });
    mesh.runTo(seconds(1));
    mesh.kill("E");
    mesh.votes(id, "yyyy");
    mesh.runTo(seconds(30));
    mesh.cut("ABCD", "E");
    mesh.boot("E");
    mesh.runTo(seconds(31));
    mesh.heal();
    mesh.runTo(seconds(35));
    expect(mesh.of("closing", "E").map(({ event }) => event.outcome)).not.toContain("no-quorum");
    expect(mesh.outcomes(id)).toEqual(["accepted"]);
  });

  it("is given up when too many stay silent, and that is said", () => {
    const mesh = new ProposalsMesh(FIVE, { retainMs: 10_000 });
    const id = mesh.call("A", { deadlineMs: 2_000 });
    mesh.runTo(seconds(1));
    ["C", "D", "E"].forEach((node) => mesh.kill(node));
    mesh.votes(id, "yy");
    mesh.runTo(seconds(13));
    expect(mesh.of("decided")).toEqual([]);
    expect(mesh.of("abandoned")[0]?.event).toMatchObject({ id, silent: ["C", "D", "E"] });
    expect(mesh.nodes.get("A")?.polls()).toEqual([]);
  });

  it("is forgotten with everything about it after its retention, and costs nothing from then", () => {
    const mesh = new ProposalsMesh(FIVE, { retainMs: 10_000 });
    const id = mesh.call("A", { deadlineMs: 2_000 });
    mesh.runTo(seconds(14));
    const sent = mesh.sent.length;
    mesh.runTo(seconds(60));
    expect(mesh.sent).toHaveLength(sent);
    expect(mesh.of("abandoned")).toEqual([]);
    expect(mesh.nodes.get("B")?.poll(id)).toBeUndefined();
  });
});

describe("policies", () => {
  const accept = { kind: "policy", policy: { kind: "accept" } } as const;

  it("vote by themselves, with the policy as reason", () => {
    const mesh = new ProposalsMesh(FIVE, { policy: { kind: "accept" } });
    const id = mesh.call("A");
    mesh.runTo(seconds(3));
    expect(mesh.outcomes(id)).toEqual(["accepted"]);
    expect(mesh.of("voted", "A").every(({ event }) => event.reason === "policy: accept")).toBe(
      true,
    );
  });

  it("hold for what is open when they are set", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A");
    mesh.runTo(seconds(1));
    mesh.ids.forEach((node) => mesh.input(node, { ...accept, now: mesh.now }));
    mesh.runTo(seconds(3));
    expect(mesh.outcomes(id)).toEqual(["accepted"]);
  });

  it("do not vote on a read-only side, and vote when it is over", () => {
    const machine = single({ policy: { kind: "accept" } });
    const calls = single({}, { signer: paperSigner("B") });
    const [persist] = calls.step(CALL);
    const items = persist?.kind === "persist" ? [persist.record] : [];
    const input = { kind: "message", from: "B", message: { type: "items", items } } as const;
    machine.step({ kind: "writable", now: 2_000, writable: false });
    machine.step({ ...input, now: 2_100 });
    expect(machine.polls()[0]?.voteOf("A")).toBeUndefined();
    machine.step({ kind: "writable", now: 2_200, writable: true });
    expect(machine.polls()[0]?.voteOf("A")?.choice).toBe("yes");
  });

  it("do not vote a second time where a person has voted", () => {
    const mesh = new ProposalsMesh(FIVE);
    const id = mesh.call("A");
    mesh.vote("A", id, "no");
    mesh.input("A", { ...accept, now: mesh.now });
    mesh.runTo(seconds(2));
    expect(mesh.nodes.get("B")?.poll(id)?.voteOf("A")?.choice).toBe("no");
    expect(mesh.of("evidence")).toEqual([]);
  });
});

describe("spreading", () => {
  it("costs nothing while there is nothing to decide", () => {
    const mesh = new ProposalsMesh(FIVE);
    mesh.runTo(seconds(60));
    expect(mesh.sent).toEqual([]);
  });

  it("reaches every member over links that lose a third, by comparison of digests alone", () => {
    const mesh = new ProposalsMesh([..."ABCDEFGHI"], { pushRounds: 0 });
    const random = createRandom(4);
    mesh.drop = () => random.next() < 0.33;
    const id = mesh.call("A", { deadlineMs: 60_000 });
    mesh.runTo(seconds(20));
    mesh.votes(id, "ynaynaynn");
    mesh.runTo(seconds(50));
    const hashes = [...mesh.nodes.values()].map((node) => node.poll(id)?.hash);
    expect(new Set(hashes).size).toBe(1);
    expect(mesh.nodes.get("I")?.poll(id)?.votes()).toHaveLength(9);
  });

  it("sends only a digest where both hold the same", () => {
    const mesh = new ProposalsMesh(FIVE);
    mesh.call("A", { deadlineMs: 60_000 });
    mesh.runTo(seconds(10));
    const before = mesh.sent.length;
    mesh.runTo(seconds(20));
    const types = new Set(mesh.sent.slice(before).map(({ message }) => message.type));
    expect([...types]).toEqual(["digest"]);
  });
});

describe("effects", () => {
  it("are a function of the inputs", () => {
    const run = () => {
      const machine = single({ policy: { kind: "accept" } });
      const inputs: ProposalsInput[] = [CALL, { kind: "timer", now: 500_000, timer: "round" }];
      return JSON.stringify(inputs.map((input) => machine.step(input)));
    };
    expect(run()).toBe(run());
  });
});
