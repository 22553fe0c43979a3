import { EVENT_TYPES, type MeshEvent } from "#shared/contract/events.ts";
import { PREVIEW_CODES } from "#shared/view/preview/notes.ts";
import { ERROR_CODES } from "#shared/contract/errors.ts";
import { describe, expect, it } from "vitest";
import { createI18n, type Language } from "../i18n/index.ts";
import { describeEvent, lookOf, nodesOf } from "./event-words.ts";

const messages = { en: createI18n("en"), zh: createI18n("zh") };
const say = (event: MeshEvent, language: Language = "en") =>
  describeEvent((key, params) => messages[language].t(key, params), event);

describe("words for events", () => {
  it.each(EVENT_TYPES)("exist for %s in both languages", (type) => {
    expect(messages.en.exists(`events:type.${type}`)).toBe(true);
    expect(messages.zh.exists(`events:type.${type}`, { fallbackLng: "zh" })).toBe(true);
  });

  it("tell the variants of one type apart", () => {
    const stopped = { seq: 1, at: 0, type: "node.stopped", node: "E" } as const;
    expect(say({ ...stopped, reason: "killed" })).toBe("E was killed");
    expect(say({ ...stopped, reason: "left" })).toBe("E left");
    expect(say({ ...stopped, reason: "killed" }, "zh")).toBe("E 被终止");
  });

  it("give reasons in words where they are codes, and as they came where not", () => {
    const up: MeshEvent = {
      seq: 1,
      at: 0,
      type: "link.up",
      node: "A",
      peer: "B",
      reason: "repair",
    };
    expect(say({ ...up, reason: "topology" })).toBe("A holds a link to B (wanted topology)");
    expect(say({ ...up, reason: "topology" }, "zh")).not.toContain("topology");
    expect(say({ ...up, reason: "moon-phase" })).toBe("A holds a link to B (moon-phase)");
    expect(say({ ...up, reason: "no: key.at all" })).toBe("A holds a link to B (no: key.at all)");
  });

  it("do not speak of an end where nothing had begun", () => {
    const event: MeshEvent = {
      seq: 1,
      at: 0,
      type: "partition.mode",
      node: "A",
      mode: "read-write",
      reachable: 9,
      needed: 5,
      of: 9,
      reason: "majority",
    };
    expect(say(event)).toBe("A is read-write: reaches 9 of 9");
    expect(say({ ...event, lastedUs: 3_200_000 })).toBe("A is read-write again after 3.2 s");
  });

  it("name both sides of a partition", () => {
    const event: MeshEvent = {
      seq: 1,
      at: 0,
      type: "fault.applied",
      fault: "f1",
      spec: { kind: "partition", groups: [["A", "B"], ["C"]] },
    };
    expect(say(event)).toBe("Fault: partition A, B | C");
  });

  it("shorten long lists and say how many were left out", () => {
    const observers = Array.from({ length: 9 }, (_, at) => `n${at}`);
    const event: MeshEvent = {
      seq: 1,
      at: 0,
      type: "member.confirmed",
      node: "A",
      member: "E",
      incarnation: 0,
      observers,
      needed: 5,
      of: 9,
    };
    expect(say(event)).toBe("A quorum confirmed that E failed (n0, n1, n2, n3, n4, n5 +3)");
  });

  it("strip what would turn the reading direction", () => {
    const event: MeshEvent = { seq: 1, at: 0, type: "user.event", name: "a\u202eb", payload: "x" };
    expect(say(event)).toBe("User event ab: x");
  });

  it("put the member before its observer", () => {
    const event: MeshEvent = {
      seq: 1,
      at: 0,
      type: "member.state",
      node: "A",
      member: "E",
      state: "alive",
      incarnation: 1,
      reason: "refuted",
    };
    expect(nodesOf(event)).toEqual(["E", "A"]);
    expect(lookOf(event).tone).toBe("healthy");
    expect(lookOf({ ...event, state: "dead" }).tone).toBe("failed");
    expect(lookOf({ ...event, state: "unreachable" }).tone).toBe("suspect");
  });
});

describe("agreement in words", () => {
  it("says who votes for whom and why not, and tells an opinion from a vote", () => {
    const vote = { seq: 1, at: 0, type: "consensus.vote", node: "B", candidate: "C" } as const;
    const refused: MeshEvent = {
      ...vote,
      term: 3,
      phase: "vote",
      granted: false,
      reason: "log-behind",
    };
    expect(say(refused)).toBe(
      "B refuses C its vote in term 3: the candidate's log is behind its own",
    );
    expect(say({ ...refused, phase: "pre-vote", granted: true })).toBe(
      "B would vote for C in term 3",
    );
    const reason = "a request was not executed in time";
    expect(say({ ...refused, phase: "view-change", granted: true, reason })).toBe(
      "B demands view 3 with C as primary: a request was not executed in time",
    );
    expect(say({ ...refused, phase: "view-change", granted: true, reason }, "zh")).not.toContain(
      "request",
    );
    expect(lookOf(refused).tone).toBe("degraded");
  });

  it("tells the leader from whom it leads", () => {
    const role = { seq: 1, at: 0, type: "consensus.role", node: "A", term: 2 } as const;
    const elected: MeshEvent = { ...role, role: "leader", leader: "A", reason: "elected" };
    expect(say(elected)).toBe("A is leader in term 2 (elected by a quorum)");
    expect(say({ ...elected, node: "B", role: "follower", reason: "leader-found" })).toBe(
      "B is follower in term 2, led by A (found the leader)",
    );
    expect(say({ ...elected, role: "primary", reason: "start" })).toContain("view 2");
  });

  it("never says that an unknown outcome failed", () => {
    const answer = { seq: 1, at: 0, type: "request.answered", node: "A", request: "r1" } as const;
    expect(say({ ...answer, code: "unknown", tookUs: 5_000_000 })).toBe(
      "A: nobody knows how request r1 ended, after 5 s",
    );
    expect(say({ ...answer, code: "no-leader", tookUs: 1 })).toContain("was not carried out");
  });

  it("speaks the lesson in the language of the console", () => {
    const step = { seq: 1, at: 0, type: "lesson.step", index: 0, total: 2, pause: false } as const;
    expect(say({ ...step, en: "Look", zh: "看" }, "zh")).toBe("看");
    expect(say({ ...step, en: "Look", zh: "看" })).toBe("Look");
    expect(say({ ...step, en: "Look" }, "zh")).toBe("Look");
  });
});

it.each(PREVIEW_CODES)("has words for the preview note %s", (code) => {
  expect(messages.en.exists(`preview:${code}`, { count: 2 })).toBe(true);
});

it.each(ERROR_CODES)("has words for the error %s", (code) => {
  expect(messages.en.exists(`app:error.${code}`)).toBe(true);
});
