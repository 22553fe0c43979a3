import { expect, it } from "vitest";
import { formatJunit } from "./junit.ts";

const RESULT = { ok: true, failures: [], checked: 2, at: 1, events: 1, delivered: 1, hash: "h" };

it("counts what held and what did not", () => {
  const failure = { why: 'E is "<healthy>" & well', at: 12_500_000, around: [] };
  const result = { ...RESULT, ok: false, checked: 3, failures: [failure] };
  const text = formatJunit({ name: "kill", seed: 7, seconds: 0.25, result });
  expect(text).toContain('<testsuite name="kill" tests="3" failures="1" time="0.250">');
  expect(text).toContain(
    '<failure message="at 12.5 s, seed 7: E is &quot;&lt;healthy&gt;&quot; &amp; well"/>',
  );
  expect(text.match(/held"\/>/g)).toHaveLength(2);
});

it("puts no control character into XML", () => {
  const result = { ...RESULT, failures: [{ why: "a\u0000b\u001b", at: 0, around: [] }] };
  expect(formatJunit({ name: "x", seed: 1, seconds: 0, result })).toContain("a\uFFFDb\uFFFD");
});
