import { expect, it } from "vitest";
import { Closing } from "./closing.ts";

it("closes in reverse order, once, whatever fails or hangs", async () => {
  const errors: unknown[] = [];
  const order: string[] = [];
  const closing = new Closing((error) => errors.push(String(error)));
  closing.add(() => void order.push("first"));
  closing.add(() => {
    order.push("throws");
    throw new Error("broken");
  });
  closing.add(() => {
    order.push("hangs");
    return new Promise(() => undefined);
  });
  closing.add(async () => void order.push("last"));
  await Promise.all([closing.run(20), closing.run(20)]);
  expect(order).toEqual(["last", "hangs", "throws", "first"]);
  expect(errors).toEqual(["Error: something did not close within 20 ms", "Error: broken"]);
});
