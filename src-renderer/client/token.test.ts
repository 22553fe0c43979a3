import { expect, it } from "vitest";
import { keepToken, meshOf, takeToken } from "./token.ts";

function places(fragment: string) {
  const kept = new Map<string, string>();
  let forgotten = 0;
  return {
    fragment,
    forgetFragment: () => {
      forgotten += 1;
    },
    forgotten: () => forgotten,
    storage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
  };
}

it("moves the token from the address to the tab's storage", () => {
  const page = places("#token=abc%2Bd");
  expect(takeToken(page)).toBe("abc+d");
  expect(page.forgotten()).toBe(1);
  expect(takeToken({ ...page, fragment: "" })).toBe("abc+d");
});

it("finds it among other parts, and only under its own name", () => {
  expect(takeToken(places("#view=logs&token=x"))).toBe("x");
  expect(takeToken(places("#mytoken=x"))).toBeUndefined();
  expect(takeToken(places("#token="))).toBeUndefined();
});

it("forgets a refused token", () => {
  const page = places("#token=x");
  takeToken(page);
  keepToken(page.storage, undefined);
  expect(takeToken({ ...page, fragment: "" })).toBeUndefined();
});

it("works without storage", () => {
  const closed = () => {
    throw new Error("forbidden");
  };
  const page = {
    ...places("#token=x"),
    storage: { getItem: closed, setItem: closed, removeItem: closed },
  };
  expect(takeToken(page)).toBe("x");
  expect(takeToken({ ...page, fragment: "" })).toBeUndefined();
});

it("reads which mesh the address asks for", () => {
  expect(meshOf("#token=x&mesh=serf-2")).toBe("serf-2");
  expect(meshOf("#mesh=demo")).toBe("demo");
  expect(meshOf("#token=mesh=x")).toBeUndefined();
  expect(meshOf("")).toBeUndefined();
});
