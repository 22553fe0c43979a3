import { EventEmitter } from "node:events";
import type { MessagePortMain, UtilityProcess } from "electron";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startHost } from "./host-process.ts";

class FakeChild extends EventEmitter {
  readonly posted: unknown[] = [];
  readonly ports: unknown[] = [];
  killed = 0;
  postMessage(message: unknown, ports: readonly unknown[]): void {
    this.posted.push(message);
    this.ports.push(...ports);
  }
  kill(): boolean {
    this.killed += 1;
    this.emit("exit", 1);
    return true;
  }
}

class FakePort {
  closed = false;
  close(): void {
    this.closed = true;
  }
}

const asPort = (port: FakePort): MessagePortMain => port as unknown as MessagePortMain;

function setUp() {
  const children: FakeChild[] = [];
  const failures: string[] = [];
  const host = startHost({
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child as unknown as UtilityProcess;
    },
    onFailed: (reason) => failures.push(reason),
  });
  const child = (at: number): FakeChild => {
    const found = children[at];
    if (found === undefined) throw new Error(`no child ${at}`);
    return found;
  };
  return { host, children, child, failures };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("startHost", () => {
  it("keeps a console waiting until the host is ready, then hands its port over", () => {
    const { host, child } = setUp();
    const port = new FakePort();
    host.connect(asPort(port));
    expect(child(0).posted).toEqual([]);
    child(0).emit("message", { kind: "ready" });
    expect(child(0).posted).toEqual([{ kind: "console" }]);
    expect(child(0).ports).toEqual([port]);
  });

  it("ignores what the contract does not know", () => {
    const { host, child } = setUp();
    host.connect(asPort(new FakePort()));
    child(0).emit("message", { kind: "ready", extra: 1 });
    child(0).emit("message", "ready");
    expect(child(0).posted).toEqual([]);
  });

  it("lets at most sixteen consoles wait and closes the oldest", () => {
    const { host } = setUp();
    const ports = Array.from({ length: 17 }, () => new FakePort());
    for (const port of ports) host.connect(asPort(port));
    expect(ports.map((port) => port.closed)).toEqual([true, ...Array(16).fill(false)]);
  });

  it("starts a host that died again, and consoles wait for the new one", () => {
    const { host, child, children, failures } = setUp();
    child(0).emit("message", { kind: "ready" });
    child(0).emit("exit", 139);
    host.connect(asPort(new FakePort()));
    vi.advanceTimersByTime(249);
    expect(children).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(children).toHaveLength(2);
    expect(child(1).posted).toEqual([]);
    child(1).emit("message", { kind: "ready" });
    expect(child(1).posted).toEqual([{ kind: "console" }]);
    expect(failures).toEqual([]);
  });

  it("says the host's own reason at once and does not try again", () => {
    const { child, children, failures } = setUp();
    child(0).emit("message", { kind: "failed", message: "The journal is locked." });
    child(0).emit("exit", 1);
    vi.runAllTimers();
    expect(failures).toEqual(["The journal is locked."]);
    expect(children).toHaveLength(1);
  });

  it("gives up after five restarts in a row and says the code", () => {
    const { child, children, failures } = setUp();
    for (let life = 0; life < 6; life += 1) {
      child(life).emit("exit", 7);
      vi.runAllTimers();
    }
    expect(children).toHaveLength(6);
    expect(failures).toEqual(["The host ended with code 7."]);
  });

  it("closes in order: asks, waits for the exit, starts nothing after it", async () => {
    const { host, child, children } = setUp();
    const waiting = new FakePort();
    host.connect(asPort(waiting));
    const closed = host.close();
    expect(waiting.closed).toBe(true);
    expect(child(0).posted).toEqual([{ kind: "close" }]);
    child(0).emit("exit", 0);
    await closed;
    vi.runAllTimers();
    expect(child(0).killed).toBe(0);
    expect(children).toHaveLength(1);
  });

  it("kills a host that does not close within five seconds", async () => {
    const { host, child } = setUp();
    const closed = host.close();
    vi.advanceTimersByTime(4_999);
    expect(child(0).killed).toBe(0);
    vi.advanceTimersByTime(1);
    await closed;
    expect(child(0).killed).toBe(1);
  });
});
