/** The Serf source and `meshdeck attach` against real agents. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MeshEvent } from "#shared/contract/events.ts";
import { healthOf } from "#shared/view/health.ts";
import { describeMeshSource } from "#main/sources/conformance/describe-mesh-source.ts";
import { recordingSink } from "#main/sources/conformance/harness.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { openSerf } from "#main/sources/serf/open-serf.ts";
import { meshdeck, type Running, start, startServe, temporaryFolder } from "./cli-process.ts";
import { type SerfAgent, SerfCluster } from "./serf-cluster.ts";

const CONTEXT = { actor: "test" };
/** Serf's own: 5 to 8 seconds for small clusters; and a busy machine. */
const FAILURE = { timeout: 25_000, interval: 50 };
const SOON = { timeout: 10_000, interval: 50 };

const cleanups: (() => unknown)[] = [];
let cluster: SerfCluster;

beforeEach(() => {
  cluster = new SerfCluster();
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  await cluster.stop();
});

async function attach({ address }: SerfAgent, authKey?: string): Promise<MeshSource> {
  const hub = { onSinkError: () => undefined };
  const source = await openSerf({ id: "serf", address, authKey, hub, wallMs: Date.now });
  cleanups.push(() => source.close());
  return source;
}

function healths(source: MeshSource): Record<string, string> {
  return Object.fromEntries([...source.snapshot().nodes].map(([id, node]) => [id, healthOf(node)]));
}

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanups.push(remove);
  return path;
}

function kept<T extends Running>(running: T): T {
  cleanups.push(() => running.end("SIGKILL"));
  return running;
}

async function three(): Promise<readonly [SerfAgent, SerfAgent, SerfAgent]> {
  const agents = [
    await cluster.start("n0"),
    await cluster.start("n1", { tags: { zone: "east", role: "worker" } }),
    await cluster.start("n2"),
  ] as const;
  return agents;
}

const HEALTHY = { n0: "healthy", n1: "healthy", n2: "healthy" };

describeMeshSource("serf, real", async () => {
  const own = new SerfCluster();
  const agent = await own.start("n0");
  const hub = { onSinkError: () => undefined };
  const { address } = agent;
  const source = await openSerf({ id: "serf", address, hub, wallMs: Date.now });
  let tag = 0;
  return {
    source,
    begin: 0,
    change: async () => {
      const { seq } = source.status();
      tag += 1;
      own.run(agent, "tags", `-set=change=${tag}`);
      await vi.waitFor(() => expect(source.status().seq).toBeGreaterThan(seq), SOON);
    },
    accepted: { type: "user.event", name: "deploy", payload: "v2", coalesce: false },
    unknownNode: { type: "member.forceLeave", node: "nobody", prune: false },
    unsupported: { type: "node.kill", nodes: ["n0"] },
    close: () => own.stop(),
  };
});

describe("a cluster", () => {
  it("is seen joining, tagging, and talking", async () => {
    const seed = await cluster.start("n0");
    const source = await attach(seed);
    const joined = await cluster.start("n1", { tags: { zone: "east" } });
    await vi.waitFor(() => expect(healths(source)).toMatchObject({ n1: "healthy" }), SOON);
    expect(source.snapshot().nodes.get("n1")).toMatchObject({ zone: "east" });
    cluster.run(joined, "tags", "-set=role=db");
    const tagged = { zone: "east", role: "db" };
    await vi.waitFor(() => expect(source.snapshot().nodes.get("n1")?.tags).toEqual(tagged), SOON);
    const sink = recordingSink();
    source.subscribe(sink);
    cluster.run(joined, "event", "-coalesce=false", "deploy", "v2");
    const deploys = (): readonly MeshEvent[] =>
      sink.seen.filter(({ type }) => type === "user.event");
    await vi.waitFor(
      () => expect(deploys()).toMatchObject([{ name: "deploy", payload: "v2" }]),
      SOON,
    );
    const command = { type: "user.event", name: "back", payload: "é", coalesce: false } as const;
    await source.execute(command, CONTEXT);
    await vi.waitFor(
      () => expect(deploys()[1]).toMatchObject({ name: "back", payload: "é" }),
      SOON,
    );
    const lines = source.snapshot().logs.lines.map(({ text }) => text);
    expect(lines.some((text) => text.includes("EventMemberJoin: n1"))).toBe(true);
  });

  it("shows a killed agent as failed, makes it leave, and forgets it", async () => {
    const [n0, n1] = await three();
    const source = await attach(n0);
    await vi.waitFor(() => expect(healths(source)).toEqual(HEALTHY), SOON);
    const sink = recordingSink();
    source.subscribe(sink);
    await n1.kill();
    await vi.waitFor(() => expect(healths(source)).toMatchObject({ n1: "failed" }), FAILURE);
    const leave = { type: "member.forceLeave", node: "n1", prune: false } as const;
    await source.execute(leave, CONTEXT);
    await vi.waitFor(() => expect(healths(source)).toMatchObject({ n1: "left" }), SOON);
    await source.execute({ ...leave, prune: true }, CONTEXT);
    await vi.waitFor(() => expect([...source.snapshot().nodes.keys()]).not.toContain("n1"), SOON);
    const verdicts = sink.seen.filter((event) => event.type === "member.state");
    expect(verdicts.filter(({ member }) => member === "n1").map(({ state }) => state)).toEqual(
      expect.arrayContaining(["dead", "left"]),
    );
  });

  it("shows an agent that leaves as left, and as new when it comes back", async () => {
    const [n0, n1] = await three();
    const source = await attach(n0);
    await vi.waitFor(() => expect(healths(source)).toEqual(HEALTHY), SOON);
    cluster.run(n1, "leave");
    await vi.waitFor(() => expect(healths(source)).toMatchObject({ n1: "left" }), SOON);
    await n1.restart();
    await vi.waitFor(() => expect(healths(source)).toEqual(HEALTHY), FAILURE);
    expect(source.snapshot().nodes.get("n1")?.leaving).toBe(false);
  });

  it("goes on when the attached agent was away", async () => {
    const [n0, , n2] = await three();
    const source = await attach(n0);
    await vi.waitFor(() => expect(healths(source)).toEqual(HEALTHY), SOON);
    const { seq } = source.status();
    await n0.kill();
    await vi.waitFor(() => expect(source.status().connection.state).toBe("reconnecting"), SOON);
    expect(healths(source)).toEqual(HEALTHY);
    await n0.restart();
    await vi.waitFor(() => expect(source.status().connection.state).toBe("live"), SOON);
    // A restarted agent knows only itself until it has joined again.
    cluster.run(n0, "join", n2.bindAddress);
    await vi.waitFor(() => expect(healths(source)).toEqual(HEALTHY), FAILURE);
    expect((await source.events(seq, 1))[0]?.seq).toBe(seq);
  });

  it("wants its key", async () => {
    const agent = await cluster.start("n0", { rpcAuth: "secret" });
    await expect(attach(agent)).rejects.toMatchObject({ code: "bad-token" });
    await expect(attach(agent, "wrong")).rejects.toMatchObject({ code: "bad-token" });
    const source = await attach(agent, "secret");
    expect(healths(source)).toEqual({ n0: "healthy" });
  });
});

describe("meshdeck attach serf://", () => {
  it("brings the cluster up in a console of its own", async () => {
    const [n0] = await three();
    const data = folder();
    const running = kept(start(["attach", n0.address, "--data", data]));
    const [, url = ""] = await running.printed(/serves its console at (http:\S+)/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const { out } = await meshdeck(["mesh", "list", "--json", "--data", data]);
    expect(JSON.parse(out)).toMatchObject({
      description: { kind: "serf", name: "Serf at n0", address: n0.address },
      status: { connection: { state: "live" } },
    });
  });

  it("brings it up in the console that runs already, once", async () => {
    const agent = await cluster.start("n0");
    const data = folder();
    const host = kept(await startServe(data));
    for (const _time of [1, 2]) {
      const attached = await meshdeck(["attach", agent.address, "--data", data]);
      expect(attached).toMatchObject({ code: 0, err: "" });
      expect(attached.out).toContain(`in the console that already runs at ${host.url}`);
    }
    const { out } = await meshdeck(["mesh", "list", "--json", "--data", data]);
    const kinds = out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as Kind).description.kind);
    expect(kinds).toEqual(["simulated", "serf"]);
  });

  it("stays in the terminal when asked to", async () => {
    const [n0] = await three();
    const once = await meshdeck(["attach", n0.address, "--once"]);
    expect(once).toMatchObject({ code: 0, err: "" });
    expect(once.out).toMatch(/^Serf at n0 \(live\): \d nodes?: \d healthy\n/);
    const watching = kept(start(["attach", n0.address, "--watch"]));
    await watching.printed(/Serf at n0 \(live\)/);
    const event = JSON.stringify({ type: "user.event", name: "deploy", payload: "v2" });
    const sent = await meshdeck(["attach", n0.address, "--exec", event]);
    expect(sent).toMatchObject({ code: 0, out: "done  user.event\n" });
    await watching.printed(/deploy/);
    expect((await watching.end("SIGINT")).code).toBe(0);
  });

  it("says what is wrong in one sentence", async () => {
    const nobody = await meshdeck(["attach", "serf://127.0.0.1:1", "--once"]);
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringMatching(/No Serf agent answers/)]);
    const agent = await cluster.start("n0", { rpcAuth: "secret" });
    const refused = await meshdeck(["attach", agent.address, "--once"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/MESHDECK_SERF_KEY/)]);
    const env = { MESHDECK_SERF_KEY: "secret" };
    expect((await meshdeck(["attach", agent.address, "--once"], env)).code).toBe(0);
  });
});

interface Kind {
  readonly description: { readonly kind: string };
}
