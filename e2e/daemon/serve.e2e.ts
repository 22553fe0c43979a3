import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  meshdeck,
  type Running,
  type Serving,
  start,
  startServe,
  temporaryFolder,
} from "./cli-process.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanups.push(remove);
  return path;
}

function kept<T extends Running>(running: T): T {
  cleanups.push(() => running.end("SIGKILL"));
  return running;
}

async function serve(data: string = folder(), args: readonly string[] = []): Promise<Serving> {
  return kept(await startServe(data, args));
}

async function tokenOf(data: string, role: string): Promise<string> {
  return (await meshdeck(["token", role, "--data", data])).out.trim();
}

function kill(data: string, node: string): ReturnType<typeof meshdeck> {
  const command = JSON.stringify({ type: "node.kill", nodes: [node] });
  return meshdeck(["mesh", "command", "demo", command, "--data", data]);
}

describe("meshdeck serve", () => {
  it("is ready with the demo mesh alive", async () => {
    const host = await serve();
    const listed = await meshdeck(["mesh", "list", "--json", "--data", host.data]);
    const { status } = JSON.parse(listed.out) as { status: { seq: number; playing: boolean } };
    expect(status.playing).toBe(true);
    expect(status.seq).toBeGreaterThan(9);
  });

  it("keeps its secrets to its owner and out of what it prints", async () => {
    const host = await serve();
    expect(statSync(join(host.data, "tokens.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(host.data, "host.json")).mode & 0o777).toBe(0o600);
    const admin = await tokenOf(host.data, "admin");
    expect(admin).toHaveLength(43);
    expect(host.out() + host.err()).not.toContain(admin);
    expect(readFileSync(join(host.data, "host.json"), "utf8")).not.toContain(admin);
  });

  it("answers the health check and nothing under a foreign name", async () => {
    const host = await serve();
    const health = await fetch(`${host.url}/healthz`);
    expect([health.status, await health.text()]).toEqual([200, "ok\n"]);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("closes in order on %s", async (signal) => {
    const host = await serve();
    expect(await host.end(signal)).toMatchObject({ code: 0, err: "" });
    await expect(fetch(`${host.url}/healthz`)).rejects.toThrow();
    const listed = await meshdeck(["mesh", "list", "--data", host.data]);
    expect(listed).toMatchObject({ code: 1, out: "" });
    expect(listed.err).toMatch(/No host runs with the data folder/);
  });

  it("does not share its data folder, and leaves it free when killed", async () => {
    const host = await serve();
    const second = await meshdeck(["serve", "--data", host.data, "--port", "0"]);
    expect(second.code).toBe(1);
    expect(second.err).toMatch(/Another Meshdeck host uses the data folder/);
    await host.end("SIGKILL");
    await serve(host.data);
  });

  it("says which port is taken, and refuses to be reached without TLS", async () => {
    const host = await serve();
    const taken = await meshdeck(["serve", "--data", folder(), "--port", host.port]);
    expect(taken.code).toBe(2);
    expect(taken.err).toMatch(/is in use by another program; choose another with --port/);
    const open = await meshdeck(["serve", "--data", folder(), "--host", "0.0.0.0"]);
    expect(open.code).toBe(2);
    expect(open.err).toMatch(/say so with --allow-remote/);
  });

  it("serves over TLS", async () => {
    const data = folder();
    const [cert, key] = [join(data, "cert.pem"), join(data, "key.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const files = ["-keyout", key, "-out", cert, "-days", "2", "-nodes"];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", ...files, ...subject], {
      stdio: "ignore",
    });
    const host = await serve(data, ["--tls-cert", cert, "--tls-key", key]);
    expect(host.url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) => {
      const url = `https://localhost:${host.port}/healthz`;
      request(url, { ca: readFileSync(cert), family: 4 }, (answer) => resolve(answer.statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(200);
    const token = await tokenOf(data, "viewer");
    const attached = await meshdeck(["attach", `wss://localhost:${host.port}`, "--once"], {
      MESHDECK_TOKEN: token,
      NODE_EXTRA_CA_CERTS: cert,
    });
    expect(attached.out).toMatch(/^demo \(live\): 9 nodes: 9 healthy/);
  });

  it("lets nobody change anything when it is read-only", async () => {
    const host = await serve(folder(), ["--readonly"]);
    const refused = await kill(host.data, "E");
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/needs the role operator; this session has viewer/);
  });

  it("opens the mesh of a scenario file, paused", async () => {
    const data = folder();
    const path = join(data, "ring.yaml");
    writeFileSync(path, "name: my-ring\nabout: x\nmesh: { nodes: 5, topology: { kind: ring } }\n");
    const host = await serve(data, ["--no-demo", "--mesh", path]);
    const { out } = await meshdeck(["mesh", "list", "--json", "--data", host.data]);
    expect(JSON.parse(out)).toMatchObject({
      description: { id: "my-ring", name: "my-ring" },
      status: { playing: false, at: 0 },
    });
  });
});

describe("the journal", () => {
  it("has every command, refused ones too, after a crash as well", async () => {
    const host = await serve();
    expect((await kill(host.data, "E")).code).toBe(0);
    expect((await kill(host.data, "Q")).code).toBe(1);
    await host.end("SIGKILL");
    await serve(host.data, ["--no-demo"]);
    const { out } = await meshdeck(["audit", "--json", "--data", host.data]);
    const entries = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(entries).toMatchObject([
      { id: 2, command: "node.kill", outcome: "refused", error: { code: "unknown-node" } },
      { id: 1, command: "node.kill", outcome: "done", mesh: "demo" },
    ]);
  });

  it("that is damaged stops changes but not the host, until it is set aside on request", async () => {
    const data = folder();
    const path = join(data, "journal.db");
    const rubbish = "this is no journal ".repeat(500);
    writeFileSync(path, rubbish);
    const host = await serve(data);
    expect(host.out()).toMatch(/"code":"journal-damaged"/);
    expect(host.err()).toMatch(/is damaged: .* It was left as it is/);
    const refused = await kill(data, "E");
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/is damaged/);
    expect((await meshdeck(["mesh", "list", "--data", data])).code).toBe(0);
    await host.end();
    expect(readFileSync(path, "utf8")).toBe(rubbish);

    const again = await serve(data, ["--set-aside-journal"]);
    const [, aside = ""] = /kept as (\S+)\.$/m.exec(again.err()) ?? [];
    expect(readFileSync(aside, "utf8")).toBe(rubbish);
    expect((await kill(data, "E")).code).toBe(0);
  });
});

describe("meshdeck attach ws://", () => {
  it("shows another host's mesh once, and acts as far as the role allows", async () => {
    const host = await serve();
    const address = `ws://127.0.0.1:${host.port}`;
    const viewer = { MESHDECK_TOKEN: await tokenOf(host.data, "viewer") };
    const operator = { MESHDECK_TOKEN: await tokenOf(host.data, "operator") };
    const once = await meshdeck(["attach", address, "--once", "--json"], viewer);
    expect(JSON.parse(once.out)).toMatchObject({ description: { kind: "remote" } });
    const command = JSON.stringify({ type: "node.kill", nodes: ["E"] });
    const refused = await meshdeck(["attach", address, "--exec", command], viewer);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/role viewer; this takes operator/);
    const done = await meshdeck(["attach", address, "--exec", command], operator);
    expect(done).toMatchObject({ code: 0, out: "done  node.kill\n" });
    const after = await meshdeck(["attach", address, "--once"], viewer);
    expect(after.out).toMatch(/9 nodes: .*1 failed/);
  });

  it("wants a token, the right one, and an address", async () => {
    const host = await serve();
    const address = `ws://127.0.0.1:${host.port}`;
    const none = await meshdeck(["attach", address, "--once"]);
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/wants a token/)]);
    const wrong = await meshdeck(["attach", address, "--once"], { MESHDECK_TOKEN: "x" });
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/does not know this token/)]);
    const bad = await meshdeck(["attach", "ftp://x", "--once"]);
    expect([bad.code, bad.err]).toEqual([2, expect.stringMatching(/is no address of a host/)]);
    const nobody = await meshdeck(["attach", "ws://127.0.0.1:1", "--once", "--token", "x"]);
    expect([nobody.code, nobody.err]).toEqual([
      1,
      expect.stringMatching(/No Meshdeck host answers/),
    ]);
  });

  it("follows through a crash of the other host and goes on with its next life", async () => {
    const host = await serve();
    const address = `ws://127.0.0.1:${host.port}`;
    const token = await tokenOf(host.data, "admin");
    const following = kept(start(["attach", address, "--json"], { MESHDECK_TOKEN: token }));
    await following.printed(/"mesh":"demo","event"/);
    await host.end("SIGKILL");
    await following.printed(/"state":"reconnecting","retryInMs":\d+/);
    await serve(host.data, ["--port", host.port]);
    await following.printed(/"state":"reconnecting"[^]*"state":"live"/);
    const lives = following.out().match(/"snapshot":\{/g) ?? [];
    await vi.waitFor(() => expect(following.out().match(/"snapshot":\{/g)?.length).toBe(2), 10_000);
    expect(lives.length).toBeGreaterThanOrEqual(1);
    expect((await following.end("SIGINT")).code).toBe(0);
  });

  it("opens it in a console of its own", async () => {
    const host = await serve();
    const args = ["attach", `ws://127.0.0.1:${host.port}`, "--serve", "--json", "--data", folder()];
    const env = { MESHDECK_TOKEN: await tokenOf(host.data, "viewer") };
    const second = kept(start(args, env));
    await second.printed(/"url"/);
    const { out } = await meshdeck(["mesh", "list", "--json", "--data", args[5] ?? ""]);
    expect(JSON.parse(out)).toMatchObject({ description: { id: "demo", kind: "remote" } });
  });
});
