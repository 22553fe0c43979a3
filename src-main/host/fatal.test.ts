import { EventEmitter } from "node:events";
import { expect, it, vi } from "vitest";
import { watchForMistakes } from "./fatal.ts";

it("tells every mistake that nobody caught, and ends once", () => {
  const process = new EventEmitter();
  const log = vi.fn<(cause: unknown) => void>();
  const onFatal = vi.fn<() => void>();
  const stop = watchForMistakes(process, log, onFatal);
  process.emit("unhandledRejection", new Error("one"));
  process.emit("uncaughtException", new Error("two"));
  expect(log.mock.calls.map(([cause]) => String(cause))).toEqual(["Error: one", "Error: two"]);
  expect(onFatal).toHaveBeenCalledOnce();
  stop();
  expect(process.eventNames()).toEqual([]);
});
