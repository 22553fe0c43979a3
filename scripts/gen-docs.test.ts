import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ERROR_CODES } from "#shared/contract/errors.ts";
import { EVENT_TYPES } from "#shared/contract/events.ts";
import { clientFrameSchema, hostFrameSchema, METHODS, TOPICS } from "#shared/contract/protocol.ts";
import { METRICS } from "#shared/scenario/expectation.ts";
import { parseScenario } from "#shared/scenario/scenario.ts";
import { EVENTS_DOC, eventsMarkdown } from "./gen-docs.ts";
import { ROOT } from "./lib/files.ts";

it("docs/events.md is what the schemas say; if not, run node scripts/gen-docs.ts", () => {
  expect(readFileSync(`${ROOT}${EVENTS_DOC}`, "utf8")).toBe(eventsMarkdown());
});

it("every type of event has a section with a description", () => {
  const text = eventsMarkdown();
  for (const type of EVENT_TYPES) expect(text).toMatch(new RegExp(`## ${type}\n\n[A-Z].+\\.`));
  expect(EVENT_TYPES.length).toBeGreaterThan(30);
});

it("names, types, bounds and optional fields come from the schema", () => {
  const text = eventsMarkdown();
  expect(text).toContain("| `member` | node id |  |");
  expect(text).toContain("| `lastedUs`? | integer ≥ 0 | how long the node was read-only");
  expect(text).toContain("| `disk` | `new`, `kept`, `wiped`, `damaged` |  |");
});

describe("what is written by hand", () => {
  const protocol = readFileSync(`${ROOT}docs/protocol.md`, "utf8");
  const scenarios = readFileSync(`${ROOT}docs/scenarios.md`, "utf8");

  it("names every frame, method, topic and error code", () => {
    const frames = [...clientFrameSchema.options, ...hostFrameSchema.options];
    for (const frame of frames) expect(protocol).toContain(` ${frame.shape.kind.value} {`);
    for (const method of Object.keys(METHODS)) expect(protocol).toContain(`| \`${method}\` |`);
    for (const topic of Object.keys(TOPICS)) expect(protocol).toContain(`**\`${topic}\`**`);
    for (const code of ERROR_CODES) expect(protocol).toContain(`\`${code}\``);
  });

  it("shows scenarios that can be used, and names every metric", () => {
    const examples = [...scenarios.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text ?? "");
    expect(examples).toHaveLength(1);
    for (const text of examples) expect(parseScenario(parse(text)).expect).toHaveLength(7);
    for (const metric of METRICS) expect(scenarios).toContain(`\`${metric}\``);
  });
});
