import { expect, it } from "vitest";
import { parseSerfAddress } from "./address.ts";

it.each([
  ["serf://127.0.0.1:7373", "127.0.0.1", 7373, "serf://127.0.0.1:7373"],
  ["serf://agent.example/", "agent.example", 7373, "serf://agent.example:7373"],
  ["serf://[::1]:9000", "::1", 9000, "serf://[::1]:9000"],
])("reads %s", (text, host, port, shown) => {
  expect(parseSerfAddress(text)).toEqual({ host, port, shown });
});

it.each(["", "127.0.0.1:7373", "serf://", "ws://x", "serf://u:p@x", "serf://x:0", "serf://x/y"])(
  "refuses %s",
  (text) => expect(() => parseSerfAddress(text)).toThrow(/is no address of a Serf agent/),
);
