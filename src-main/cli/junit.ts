/** A scenario's outcome as a JUnit report: one test case per promise that broke, or one that held. */
import type { ScenarioResult } from "#main/host/runs.ts";

export interface JunitInput {
  readonly name: string;
  readonly seed: number;
  readonly seconds: number;
  readonly result: ScenarioResult;
}

export function formatJunit({ name, seed, seconds, result }: JunitInput): string {
  const { failures, checked } = result;
  const held = Math.max(0, checked - failures.length);
  const passed = Array.from(
    { length: held },
    (_unused, index) => `    <testcase classname=${quote(name)} name="promise ${index + 1} held"/>`,
  );
  const failed = failures.map(
    ({ why, at }) =>
      `    <testcase classname=${quote(name)} name=${quote(why)}>\n` +
      `      <failure message=${quote(`at ${at / 1_000_000} s, seed ${seed}: ${why}`)}/>\n` +
      "    </testcase>",
  );
  const counts = `tests="${held + failures.length}" failures="${failures.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name=${quote(name)} ${counts} time="${seconds.toFixed(3)}">`,
    `    <properties><property name="seed" value="${seed}"/></properties>`,
    ...passed,
    ...failed,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** As an attribute's value; what XML cannot hold becomes a replacement character. */
function quote(text: string): string {
  const escaped = text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
  return `"${escaped.replaceAll(/\p{Cc}/gu, "\uFFFD")}"`;
}
