import { expect, it } from "vitest";
import { parseRemoteAddress } from "./address.ts";

it.each([
  ["ws://127.0.0.1:7400", "ws://127.0.0.1:7400", "ws://127.0.0.1:7400/ws"],
  ["wss://mesh.example", "wss://mesh.example", "wss://mesh.example/ws"],
  ["http://localhost:7400/", "ws://localhost:7400", "ws://localhost:7400/ws"],
  ["https://[::1]:7400", "wss://[::1]:7400", "wss://[::1]:7400/ws"],
])("reads %s", (text, shown, socketUrl) => {
  expect(parseRemoteAddress(text)).toEqual({ shown, socketUrl, token: undefined });
});

it("takes the token of a ready-to-open address", () => {
  expect(parseRemoteAddress("http://127.0.0.1:7400/#token=abc").token).toBe("abc");
});

it.each(["", "127.0.0.1:7400", "ftp://x", "serf://x:1", "ws://", "ws://u:p@x", "ws://x/?token=a"])(
  "refuses %s",
  (text) => expect(() => parseRemoteAddress(text)).toThrow(/is no address of a host; write ws:/),
);
