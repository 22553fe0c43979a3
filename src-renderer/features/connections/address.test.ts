import { expect, it } from "vitest";
import { attachRequest, checkAttach } from "./address.ts";

it("names the first thing that is wrong with an address", () => {
  expect(checkAttach({ address: " ", secret: "" })).toEqual({ address: "empty" });
  expect(checkAttach({ address: "127.0.0.1:7373", secret: "" })).toEqual({ address: "scheme" });
  expect(checkAttach({ address: "http://a:1", secret: "" })).toEqual({ address: "scheme" });
  expect(checkAttach({ address: "serf://", secret: "" })).toEqual({ address: "host" });
  expect(checkAttach({ address: "serf://a:99999", secret: "" })).toEqual({ address: "host" });
});

it("wants a token for a host and lets Serf do without a key", () => {
  expect(checkAttach({ address: "ws://a:1", secret: "" })).toEqual({ secret: "empty" });
  expect(checkAttach({ address: "WS://a:1", secret: "t" })).toEqual({});
  expect(checkAttach({ address: "serf://127.0.0.1:7373", secret: "" })).toEqual({});
});

it("makes the request of each kind", () => {
  expect(attachRequest({ address: " wss://a:1 ", secret: " t " })).toEqual({
    kind: "remote",
    address: "wss://a:1",
    token: "t",
  });
  expect(attachRequest({ address: "serf://a:7373", secret: "" })).toEqual({
    kind: "serf",
    address: "serf://a:7373",
  });
  expect(attachRequest({ address: "serf://a:7373", secret: "k" })).toEqual({
    kind: "serf",
    address: "serf://a:7373",
    authKey: "k",
  });
});
