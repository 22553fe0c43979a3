import type { LessonStep, LessonView } from "#shared/view/state-model.ts";
import { describe, expect, it } from "vitest";
import { parsePoint } from "./point.ts";
import { lessonProgress, stepText } from "./progress.ts";

const step = (index: number, at: number): LessonStep => ({
  index,
  total: 4,
  id: undefined,
  en: `step ${index}`,
  zh: undefined,
  point: undefined,
  pause: true,
  at,
  seq: at,
});

const lesson = (...steps: readonly LessonStep[]): LessonView => ({
  current: steps.at(-1),
  history: [...steps],
});

describe("lessonProgress", () => {
  const live = lesson(step(0, 10), step(1, 20), step(2, 30));

  it("has no step and goes nowhere before the lesson began", () => {
    const none = lesson();
    expect(lessonProgress(none, none)).toMatchObject({
      step: undefined,
      total: 0,
      previous: undefined,
      next: undefined,
      last: false,
    });
  });

  it("at the newest step goes back, and forward only by playing", () => {
    const { previous, next } = lessonProgress(live, live);
    expect(previous?.index).toBe(1);
    expect(next).toBeUndefined();
  });

  it("in the past knows the next step and whether that is now", () => {
    expect(lessonProgress(lesson(step(0, 10)), live)).toMatchObject({
      next: { index: 1 },
      nextIsNow: false,
    });
    const second = lesson(step(0, 10), step(1, 20));
    expect(lessonProgress(second, live)).toMatchObject({ next: { index: 2 }, nextIsNow: true });
  });

  it("before the first step, looking at the past, goes on to the first", () => {
    expect(lessonProgress(lesson(), live)).toMatchObject({ next: { index: 0 }, total: 4 });
  });

  it("never stays at one moment: of two steps at one instant the later one is shown", () => {
    const twins = lesson(step(0, 10), step(1, 20), step(2, 20));
    expect(lessonProgress(twins, twins).previous?.index).toBe(0);
  });

  it("knows the end", () => {
    const whole = lesson(step(2, 30), step(3, 40));
    expect(lessonProgress(whole, whole).last).toBe(true);
    expect(lessonProgress(live, live).last).toBe(false);
  });
});

describe("stepText", () => {
  it("speaks the console's language where the step does", () => {
    expect(stepText({ en: "a", zh: "甲" }, "zh")).toBe("甲");
    expect(stepText({ en: "a", zh: undefined }, "zh-CN")).toBe("a");
    expect(stepText({ en: "a", zh: "甲" }, "en")).toBe("a");
  });
});

describe("parsePoint", () => {
  it("reads views and nodes", () => {
    expect(parsePoint("view:consensus")).toEqual({ kind: "view", view: "consensus" });
    expect(parsePoint("node:A")).toEqual({ kind: "node", node: "A" });
    expect(parsePoint("node:a:b")).toEqual({ kind: "node", node: "a:b" });
  });

  it.each([undefined, "", "view:", ":x", "node", "moon:full"])("leaves %s alone", (text) => {
    expect(parsePoint(text)).toBeUndefined();
  });
});
