// One test per claim about view changes. References: Castro and Liskov, OSDI'99, sections 4.4 and
// 4.5.2.
import { describe, expect, it } from "vitest";
import { ms, seconds } from "#main/kernel/time.ts";
import { batchDigest, NULL_DIGEST } from "./digest.ts";
import { MAX_EXPOSED_VOTES } from "./limits.ts";
import { planNewView } from "./new-view.ts";
import { PbftMesh, signAs, type Treason } from "./testing/pbft-mesh.ts";
import type { NewView, PbftMessage, PreparedCertificate, ViewChange } from "./types.ts";

const quiet = { statusIntervalMs: 3_600_000, idleStatusIntervalMs: 3_600_000 };
const silent: Treason = () => [];

function viewOf(mesh: PbftMesh, node: string): number {
  return mesh.machine(node).status().term;
}

/** A group whose round 3 is prepared at all backups and committed at none. */
function preparedOnly(options = {}): PbftMesh {
  const mesh = new PbftMesh(4, { ...quiet, ...options });
  mesh.commit("r2", "before");
  mesh.world.drop = (_from, _to, { type }) => type === "commit";
  mesh.propose("r2", "prepared");
  mesh.runFor(ms(50));
  mesh.world.drop = () => false;
  return mesh;
}

describe("the timer", () => {
  it("starts when a backup receives a request, and the view changes when it runs out", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r1", "before");
    mesh.kill("r0");
    const asked = mesh.now;
    const outcome = mesh.commit("r1", "after");
    expect(outcome).toMatchObject({ ok: true });
    const demand = mesh.sent("view-change", "r1")[0];
    expect(demand?.at).toBe(asked + seconds(1));
    expect(mesh.correct.slice(1).map((node) => viewOf(mesh, node))).toEqual([1, 1, 1]);
    expect(mesh.world.of("role", "r1").at(-1)?.event).toMatchObject({ role: "primary", term: 1 });
  });

  it("starts at every backup once the client asks them all, before any pre-prepare", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r1", "before");
    mesh.traitors.set("r0", silent);
    mesh.propose("r1", "x");
    mesh.runFor(ms(500));
    for (const node of ["r1", "r2", "r3"]) {
      const { timers } = mesh.machine(node).status();
      expect(timers.map(({ timer }) => timer)).toContain("view");
    }
  });

  it("stops when the request is executed; without requests nobody demands anything", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r1", "x");
    mesh.kill("r0");
    mesh.runFor(seconds(60));
    expect(mesh.sent("view-change")).toEqual([]);
  });

  it("is for one and the same request: a primary that leaves it out is replaced", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r2", "before");
    mesh.commit("r3", "before too");
    const machine = mesh.machine("r0");
    // The primary executes r3's requests and never sees r2's.
    mesh.world.drop = (_from, to, message) =>
      to === "r0" && message.type === "request" && message.sender === "r2";
    const starved = mesh.propose("r2", "left out");
    for (let i = 0; i < 20; i++) {
      mesh.propose("r3", `other ${i}`);
      mesh.runFor(ms(100));
    }
    // While it still executes others: every execution but that of r2's request leaves the timer be.
    expect(machine.status().term).toBeGreaterThan(0);
    mesh.runFor(seconds(3));
    expect(mesh.outcome(starved)).toMatchObject({ ok: true });
  });

  it("doubles with each view that brings nothing", () => {
    const mesh = new PbftMesh(7, { requestTimeoutMs: 60_000 });
    mesh.commit("r6", "before");
    for (const node of ["r0", "r1", "r2"]) {
      // More than f of them, but they only withhold what a primary owes.
      mesh.traitors.set(node, (_to, message) =>
        message.type === "new-view" || message.type === "pre-prepare" ? [] : [message],
      );
    }
    mesh.propose("r6", "x");
    mesh.runFor(seconds(12));
    const times = mesh.world
      .of("role", "r6")
      .filter(({ event }) => event.role === "view-change")
      .map(({ at, event }) => [event.term, at] as const);
    const [first, second, third] = times;
    expect(times.map(([term]) => term)).toEqual([1, 2, 3]);
    const gaps = [(second?.[1] ?? 0) - (first?.[1] ?? 0), (third?.[1] ?? 0) - (second?.[1] ?? 0)];
    expect(gaps[0]).toBeGreaterThanOrEqual(seconds(1));
    expect(gaps[0]).toBeLessThan(seconds(1.5));
    expect(gaps[1]).toBeGreaterThanOrEqual(seconds(2));
    expect(gaps[1]).toBeLessThan(seconds(2.5));
    expect(mesh.entries("r6")).toContain("x");
  });
});

describe("demanding a view", () => {
  it("a replica that demands one takes no more part in the old one", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.commit("r2", "before");
    mesh.transfer("r1");
    mesh.runFor(ms(10));
    mesh.world.sent.length = 0;
    expect(mesh.commit("r2", "without it")).toMatchObject({ ok: true });
    expect([...mesh.sent("prepare", "r1"), ...mesh.sent("commit", "r1")]).toEqual([]);
  });

  it("one faulty replica alone cannot force a view change, whatever views it demands", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r2", "before");
    for (const view of [1, 2, 3, 50, 2 ** 40]) {
      const body = { stable: null, prepared: [] };
      const message = signAs("r3", {
        type: "view-change",
        view,
        sequence: 0,
        sender: "r3",
        ...body,
      });
      for (const to of ["r0", "r1", "r2"]) {
        mesh.deliver("r3", to, message);
      }
    }
    mesh.runFor(seconds(5));
    expect(["r0", "r1", "r2"].map((node) => viewOf(mesh, node))).toEqual([0, 0, 0]);
    expect(mesh.commit("r2", "after")).toMatchObject({ ok: true });
    expect(mesh.machine("r0").kept["viewChanges"]).toBe(1);
  });

  it("f + 1 demands for higher views are joined at once, the smallest of them", () => {
    const mesh = new PbftMesh(4, quiet);
    for (const [sender, view] of [
      ["r2", 7],
      ["r3", 5],
    ] as const) {
      const body = { stable: null, prepared: [] };
      mesh.deliver(
        sender,
        "r1",
        signAs(sender, { type: "view-change", view, sequence: 0, sender, ...body }),
      );
    }
    expect(mesh.sent("view-change", "r1").map(({ message }) => message.view)).toEqual([5, 5, 5]);
  });

  it("the timer for the new view waits for a quorum of demands", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.transfer("r2");
    mesh.runFor(seconds(30));
    // Alone it does not go on to view 2, 3, 4 …
    expect(viewOf(mesh, "r2")).toBe(1);
    expect(
      mesh
        .machine("r2")
        .status()
        .timers.map(({ timer }) => timer),
    ).not.toContain("view");
  });

  it("members that went further count for it: their demand for this view may be lost", () => {
    const mesh = new PbftMesh(4);
    mesh.traitors.set("r0", silent);
    mesh.transfer("r1", "r3");
    mesh.transfer("r2", "r2");
    mesh.transfer("r3", "r2");
    mesh.runFor(seconds(8));
    expect(mesh.commit("r1", "x")).toMatchObject({ ok: true });
  });

  it("an order to replace the primary succeeds when the members agree, and not alone", () => {
    const mesh = new PbftMesh(4);
    const alone = mesh.transfer("r3");
    mesh.runFor(seconds(6));
    expect(mesh.outcome(alone)).toMatchObject({ ok: false, code: "unknown" });
    const requests = ["r0", "r1", "r2"].map((node) => mesh.transfer(node, "r2"));
    mesh.runFor(seconds(1));
    expect(requests.map((request) => mesh.outcome(request)?.ok)).toEqual([true, true, true]);
    expect(mesh.members.map((node) => mesh.machine(node).status().leader)).toEqual(
      mesh.members.map(() => "r2"),
    );
    expect(mesh.commit("r1", "x")).toMatchObject({ ok: true });
  });
});

describe("what a demand has to prove", () => {
  const honest = (): { mesh: PbftMesh; demand: ViewChange } => {
    const mesh = preparedOnly();
    mesh.transfer("r3");
    mesh.runFor(ms(10));
    const demand = mesh.sent("view-change", "r3")[0]?.message as ViewChange;
    expect(demand.prepared).toHaveLength(3);
    return { mesh, demand };
  };
  const forged = (change: (certificate: PreparedCertificate) => PreparedCertificate) => {
    const { mesh, demand } = honest();
    const [first, ...rest] = demand.prepared as [PreparedCertificate, PreparedCertificate];
    const prepared = [change(first), ...rest];
    return { mesh, message: signAs("r3", { ...demand, view: 3, prepared }) };
  };

  it("prepared certificates with a false signature, too few or doubled votes are refused", () => {
    const cases: readonly ((certificate: PreparedCertificate) => PreparedCertificate)[] = [
      (one) => ({ ...one, digest: NULL_DIGEST }),
      (one) => ({ ...one, signature: new Uint8Array(64) }),
      (one) => ({ ...one, votes: one.votes.slice(1) }),
      (one) => ({ ...one, votes: [...one.votes.slice(1), ...one.votes.slice(1)] }),
      (one) => ({ ...one, view: 3 }),
      (one) => ({ ...one, votes: one.votes.map((vote) => ({ ...vote, sender: "r0" })) }),
    ];
    for (const change of cases) {
      const { mesh, message } = forged(change);
      mesh.deliver("r3", "r2", message);
      expect(mesh.reasons("r2").at(-1)).toMatch(/^a view change with a/);
      expect(mesh.machine("r2").evidence).toMatchObject([
        { accused: "r3", fault: "invalid-view-change" },
      ]);
    }
  });

  it("a prepare of the primary is no vote of a certificate, well signed as it may be", () => {
    const { mesh, message } = forged((one) => {
      const { view, sequence, digest, votes } = one;
      const own = signAs("r0", { type: "prepare", view, sequence, sender: "r0", digest });
      return { ...one, votes: [own, ...votes.slice(1)] };
    });
    mesh.deliver("r3", "r2", message);
    expect(mesh.reasons("r2")).toEqual(["a view change with a false certificate"]);
  });

  it("a stable checkpoint without proof is refused", () => {
    const { mesh, demand } = honest();
    const stable = { sequence: 16, digest: NULL_DIGEST, votes: [] };
    const message = signAs("r3", { ...demand, view: 3, sequence: 16, stable, prepared: [] });
    mesh.deliver("r3", "r2", message);
    mesh.deliver("r3", "r2", signAs("r3", { ...message, view: 4, stable: null }));
    expect(mesh.reasons("r2")).toEqual([
      "a view change without proof of its checkpoint",
      "a view change that contradicts itself",
    ]);
  });

  it("two different demands of one member for one view are evidence", () => {
    const { mesh, demand } = honest();
    mesh.deliver("r3", "r2", signAs("r3", { ...demand, prepared: [] }));
    expect(mesh.machine("r2").evidence).toMatchObject([
      { accused: "r3", fault: "conflicting-view-change" },
    ]);
  });
});

describe("the new view", () => {
  it("brings back what was prepared, under its number, and executes nothing twice", () => {
    const mesh = preparedOnly();
    mesh.kill("r0");
    mesh.runFor(seconds(3));
    expect(mesh.entries("r1")).toEqual(["before", "prepared"]);
    const applied = mesh.world.of("applied", "r1").map(({ event }) => event.index);
    expect(applied).toEqual([1, 2, 3]);
    const orders = mesh.sent("new-view", "r1")[0]?.message.orders;
    expect(orders?.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(mesh.disagreement()).toBeNull();
  });

  it("O: the highest view's certificate wins, gaps get the null request", () => {
    const certificate = (sequence: number, view: number, digest: string) => {
      return { sequence, view, digest, signature: new Uint8Array(0), votes: [] };
    };
    const demand = (sequence: number, prepared: PreparedCertificate[]): ViewChange => {
      const head = {
        type: "view-change",
        view: 9,
        sender: "x",
        signature: new Uint8Array(0),
      } as const;
      return { ...head, sequence, stable: null, prepared };
    };
    const [a, b, c] = ["aa", "bb", "cc"].map((byte) => byte.repeat(32)) as [string, string, string];
    const plan = planNewView([
      demand(0, [certificate(1, 0, a), certificate(3, 4, a), certificate(6, 1, c)]),
      demand(2, [certificate(3, 7, b)]),
      demand(0, [certificate(3, 2, c)]),
    ]);
    expect(plan).toEqual({
      low: 2,
      high: 6,
      orders: [
        { sequence: 3, digest: b },
        { sequence: 4, digest: NULL_DIGEST },
        { sequence: 5, digest: NULL_DIGEST },
        { sequence: 6, digest: c },
      ],
    });
    expect(planNewView([demand(5, []), demand(0, [])])).toEqual({ low: 5, high: 5, orders: [] });
  });

  it("fills a gap with a null request that changes nothing", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r2", "before");
    // Number 3 reaches nobody, number 4 gets prepared.
    mesh.world.drop = (_from, _to, message) =>
      message.type === "commit" || (message.type === "pre-prepare" && message.sequence === 3);
    mesh.propose("r2", "lost");
    mesh.propose("r2", "kept");
    mesh.runFor(ms(50));
    mesh.kill("r0");
    mesh.world.drop = () => false;
    mesh.runFor(seconds(4));
    const applied = mesh.machine("r1").log(1, 10);
    expect(applied.map(({ what }) => what).slice(0, 4)).toEqual([
      "session",
      "command",
      "null",
      "command",
    ]);
    expect(mesh.entries("r1")).toEqual(["before", "kept", "lost"]);
    expect(mesh.disagreement()).toBeNull();
  });

  it("two faulty primaries in a row are replaced, with f = 2", () => {
    const mesh = new PbftMesh(7, { requestTimeoutMs: 20_000 });
    mesh.commit("r5", "before");
    mesh.traitors.set("r0", silent);
    mesh.traitors.set("r1", silent);
    const request = mesh.propose("r5", "after");
    mesh.runFor(seconds(10));
    expect(mesh.outcome(request)).toMatchObject({ ok: true });
    expect(mesh.correct.map((node) => viewOf(mesh, node))).toEqual([2, 2, 2, 2, 2]);
  });

  const variants: readonly [string, (message: NewView) => NewView][] = [
    ["with an order left out", (one) => ({ ...one, orders: one.orders.slice(0, -1) })],
    [
      "with an order more",
      (one) => {
        const signed = signAs("r1", {
          type: "pre-prepare",
          view: 1,
          sequence: 4,
          sender: "r1",
          digest: NULL_DIGEST,
          batch: { time: 0, requests: [] },
        });
        return { ...one, orders: [...one.orders, signed] };
      },
    ],
    [
      "with another digest",
      (one) => {
        const orders = one.orders.map((order) => ({
          ...signAs("r1", {
            type: "pre-prepare",
            view: 1,
            sequence: order.sequence,
            sender: "r1",
            digest: NULL_DIGEST,
            batch: { time: 0, requests: [] },
          }),
        }));
        return { ...one, orders };
      },
    ],
    [
      "with a badly signed order",
      (one) => ({
        ...one,
        orders: one.orders.map((order) => ({ ...order, signature: new Uint8Array(64) })),
      }),
    ],
    [
      "with fewer demands than a quorum",
      (one) => ({ ...one, viewChanges: one.viewChanges.slice(1) }),
    ],
    [
      "with one member's demand twice",
      (one) => ({
        ...one,
        viewChanges: [...one.viewChanges.slice(1), ...one.viewChanges.slice(2)],
      }),
    ],
    [
      "with a demand that its member never signed",
      (one) => {
        const viewChanges = one.viewChanges.map((demand) => ({ ...demand, prepared: [] }));
        return { ...one, viewChanges, orders: [] };
      },
    ],
    [
      "with a certificate forged inside of a demand",
      (one) => {
        const viewChanges = one.viewChanges.map((demand) =>
          demand.sender !== "r1"
            ? demand
            : signAs("r1", {
                ...demand,
                prepared: demand.prepared.map((certificate) => ({
                  ...certificate,
                  digest: NULL_DIGEST,
                })),
              }),
        );
        return { ...one, viewChanges };
      },
    ],
  ];
  it.each(variants)("is refused %s, and the next primary takes over", (_name, forge) => {
    const mesh = preparedOnly({ requestTimeoutMs: 20_000 });
    mesh.traitors.set("r0", silent);
    mesh.traitors.set("r1", (_to, message) =>
      message.type === "new-view" && message.sender === "r1"
        ? [signAs("r1", forge(message))]
        : [message],
    );
    mesh.runFor(seconds(1.6));
    for (const node of ["r2", "r3"]) {
      expect(mesh.machine(node).evidence).toMatchObject([
        { accused: "r1", fault: "invalid-new-view" },
      ]);
      expect(mesh.reasons(node).at(-1)).toMatch(/^a new view /);
      expect(mesh.machine(node).status().role).toBe("view-change");
    }
    expect(
      mesh.sent("prepare").filter(({ message }) => message.view === 1 && message.sender !== "r1"),
    ).toEqual([]);
    // r0 and r1 are both faulty now, one more than four members bear; with r0 back all goes on.
    mesh.traitors.delete("r0");
    mesh.runFor(seconds(12));
    expect(mesh.entries("r2")).toEqual(["before", "prepared"]);
    expect(viewOf(mesh, "r2")).toBeGreaterThanOrEqual(2);
    expect(mesh.disagreement()).toBeNull();
  });

  it("is refused when its sender is not the view's primary, or did not sign it", () => {
    const mesh = preparedOnly();
    mesh.kill("r0");
    mesh.world.drop = (_from, _to, { type }) => type === "new-view";
    mesh.runFor(seconds(1.6));
    const message = mesh.sent("new-view", "r1")[0]?.message as NewView;
    mesh.deliver("r2", "r3", signAs("r2", { ...message, sender: "r2" }));
    mesh.deliver("r2", "r3", { ...message, orders: [] });
    expect(mesh.reasons("r3")).toEqual([
      "a new view of a member that is not its primary",
      "bad signature of a new view",
    ]);
    mesh.deliver("r2", "r3", message);
    expect(mesh.machine("r3").status()).toMatchObject({ role: "backup", term: 1 });
  });

  it("is refused on demands for another view, which were good for that one", () => {
    const mesh = preparedOnly();
    mesh.kill("r0");
    mesh.world.drop = (_from, _to, { type }) => type === "new-view";
    mesh.runFor(seconds(1.6));
    const message = mesh.sent("new-view", "r1")[0]?.message as NewView;
    const batch = { time: 0, requests: [] };
    const orders = message.orders.map((order) =>
      signAs("r1", { type: "pre-prepare", view: 5, sender: "r1", batch, ...order }),
    );
    mesh.deliver("r1", "r3", signAs("r1", { ...message, view: 5, orders }));
    expect(mesh.reasons("r3")).toEqual(["a new view on a view change that is none of it"]);
    expect(mesh.machine("r3").status().term).toBe(1);
  });

  it("votes that overtake it are kept for it, a bounded number of them", () => {
    const mesh = new PbftMesh(4, quiet);
    for (let i = 0; i < 3_000; i++) {
      const [view, sequence] = [1 + (i % 50), 1 + (i % 60)];
      const digest = NULL_DIGEST;
      const vote: PbftMessage = signAs("r3", {
        type: "prepare",
        view,
        sequence,
        sender: "r3",
        digest,
      });
      mesh.deliver("r3", "r2", vote);
    }
    expect(mesh.machine("r2").kept["early"]).toBeLessThanOrEqual(256);
  });
});

describe("an equivocating primary", () => {
  const twoFaced: Treason = (to, message) => {
    if (message.type !== "pre-prepare" || to !== "r3") {
      return [message];
    }
    const batch = { ...message.batch, time: message.batch.time + 1 };
    return [signAs("r0", { ...message, digest: batchDigest(batch), batch })];
  };

  it("is found out when backups compare, and replaced, and changes nothing that counts", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r2", "before");
    mesh.traitors.set("r0", twoFaced);
    expect(mesh.commit("r2", "x")).toMatchObject({ ok: true });
    mesh.runFor(seconds(5));
    expect(mesh.commit("r2", "y")).toMatchObject({ ok: true });
    mesh.runFor(seconds(5));
    expect(mesh.disagreement()).toBeNull();
    for (const node of mesh.correct) {
      expect(mesh.entries(node)).toEqual(["before", "x", "y"]);
      expect(viewOf(mesh, node)).toBeGreaterThan(0);
      const accused = mesh.machine(node).evidence.map((proof) => proof.accused);
      expect(new Set(accused)).toEqual(new Set(["r0"]));
    }
  });
});

describe("an equivocating backup", () => {
  it.each(["prepare", "commit"] as const)(
    "is found out by its two %ss, and bears no view",
    (type) => {
      const mesh = new PbftMesh(4);
      mesh.traitors.set("r3", (to, message) =>
        message.type === type && to === "r1"
          ? [signAs("r3", { ...message, digest: NULL_DIGEST })]
          : [message],
      );
      expect(mesh.commit("r2", "x")).toMatchObject({ ok: true });
      mesh.runFor(seconds(1));
      for (const node of mesh.correct) {
        expect(viewOf(mesh, node)).toBe(0);
      }
      const proofs = mesh.correct.flatMap((node) => mesh.machine(node).evidence);
      expect(proofs.length).toBeGreaterThan(0);
      expect(new Set(proofs.map(({ accused }) => accused))).toEqual(new Set(["r3"]));
    },
  );

  it("costs the others a bounded number of messages", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.traitors.set("r3", (_to, message) =>
      message.type === "prepare" ? [signAs("r3", { ...message, digest: NULL_DIGEST })] : [message],
    );
    for (let i = 0; i < 20; i++) {
      mesh.commit("r2", `c${i}`);
    }
    const passed = mesh.sent("prepare", "r1").filter(({ message }) => message.sender === "r3");
    expect(passed).toHaveLength(MAX_EXPOSED_VOTES * 2);
  });
});
