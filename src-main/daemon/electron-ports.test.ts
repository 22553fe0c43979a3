import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { asParentPort, framePort, type MessagePortLike } from "./electron-ports.ts";

class FakePort extends EventEmitter implements MessagePortLike {
  readonly posted: unknown[] = [];
  calls: string[] = [];
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  start(): void {
    this.calls.push(`start with ${this.listenerCount("message")} listener`);
  }
  close(): void {
    this.calls.push("close");
  }
}

it("passes frames both ways, and starts the port only when somebody listens", () => {
  const fake = new FakePort();
  const port = framePort(fake);
  const heard: unknown[] = [];
  expect(fake.calls).toEqual([]);
  port.onMessage((value) => heard.push(value));
  port.onClose(() => heard.push("closed"));
  fake.emit("message", { data: { kind: "hello" } });
  fake.emit("close");
  port.post({ kind: "welcome" });
  port.close();
  expect(heard).toEqual([{ kind: "hello" }, "closed"]);
  expect(fake.posted).toEqual([{ kind: "welcome" }]);
  expect(fake.calls).toEqual(["start with 1 listener", "close"]);
});

it("says what to use when there is no shell", () => {
  expect(() => asParentPort({})).toThrow(/meshdeck serve/);
});
