import { type ReactNode, useEffect } from "react";
import { useStore } from "zustand";
import { type App, useApp } from "../../app/context.ts";
import { useConsole, usePrefs, useSelection } from "../../app/hooks/use-stores.ts";
import { parsePoint, type Point } from "./model/point.ts";
import { loadLessons, lessonsStore } from "./store.ts";
import { useLessonProgress } from "./use-lesson.ts";

/** Pages on which a selected node is to be seen. */
const SHOWS_NODES: ReadonlySet<string> = new Set(["topology", "consensus", "messages", "memory"]);

/** Leads the eye to what the shown step is about; draws nothing itself. */
export function LessonGuide(): ReactNode {
  const app = useApp();
  const progress = useLessonProgress();
  const step = progress?.step;
  const point = step?.point;
  const isLive = useConsole((state) => state.link.state === "live");
  const wanted = progress !== undefined;
  useEffect(() => {
    if (isLive && wanted && lessonsStore.getState().lessons === undefined) void loadLessons(app);
  }, [app, isLive, wanted]);
  useFollowPoint(app, step?.seq, point);
  useMarkPoint(parsePoint(point));
  useClicker(app, wanted);
  return null;
}

/** The step each mesh was left at: going back to a mesh does not lead anywhere. */
const followed = new Map<string, number>();

function useFollowPoint(app: App, seq: number | undefined, point: string | undefined): void {
  const mesh = useConsole((state) => state.active);
  useEffect(() => {
    if (mesh === undefined || seq === undefined || followed.get(mesh) === seq) return;
    const isNew =
      followed.has(mesh) || app.console.getState().mesh?.view.lesson.history.length === 1;
    followed.set(mesh, seq);
    const target = parsePoint(point);
    if (isNew && target !== undefined) showPoint(app, target);
  }, [app, mesh, seq, point]);
}

/** Brings what a step points at into sight. */
export function showPoint(app: App, point: Point): void {
  const current = app.prefs.getState().view;
  if (point.kind === "view") {
    const id = `view.${point.view}`;
    if (current !== point.view && app.commands.get(id) !== undefined) app.run(id);
    return;
  }
  if (app.console.getState().mesh?.view.nodes.has(point.node) !== true) return;
  app.selection.getState().selectNode(point.node);
  if (!SHOWS_NODES.has(current)) app.run("view.topology");
}

/** The style sheet rings what is pointed at, for as long as it is in sight. */
function useMarkPoint(point: Point | undefined): void {
  const view = usePrefs((prefs) => prefs.view);
  const isSelected = useSelection(
    ({ nodes }) => point?.kind === "node" && nodes.size === 1 && nodes.has(point.node),
  );
  const mark =
    point?.kind === "view" && point.view === view ? "view" : isSelected ? "node" : undefined;
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (mark === undefined) return undefined;
    dataset["lessonPoint"] = mark;
    return () => {
      delete dataset["lessonPoint"];
    };
  }, [mark]);
}

/** A presenter's remote control sends these two keys. */
function useClicker(app: App, isLesson: boolean): void {
  const presenter = useStore(lessonsStore, (state) => state.presenter);
  const listens = presenter && isLesson;
  useEffect(() => {
    if (!listens) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || (event.key !== "PageDown" && event.key !== "PageUp")) return;
      event.preventDefault();
      app.run(event.key === "PageDown" ? "lesson.continue" : "lesson.back");
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [app, listens]);
}
