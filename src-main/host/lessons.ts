/** The scenarios that come with the program and are offered as lessons. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MeshError } from "#shared/contract/errors.ts";
import type { Lesson } from "#shared/contract/inspection.ts";
import { nodeNames } from "#shared/contract/mesh-options.ts";
import type { Scenario } from "#shared/scenario/scenario.ts";
import { readScenario } from "./scenario-file.ts";

const MAX_LESSONS = 256;

/** In the sources; a packaged program has its own. */
export const SCENARIO_FOLDER = fileURLToPath(new URL("../../resources/scenarios", import.meta.url));

export class LessonShelf {
  readonly #folder: string;
  #scenarios: ReadonlyMap<string, Scenario> | undefined;

  /** Nothing is read before somebody asks. */
  constructor(folder: string = SCENARIO_FOLDER) {
    this.#folder = folder;
  }

  /** In the order to be taken in. Throws `MeshError` "bad-scenario" that names the file. */
  list(): readonly Lesson[] {
    return [...this.#all().values()].map(describe);
  }

  /** Throws `MeshError` "unknown-lesson". */
  get(id: string): Scenario {
    const scenario = this.#all().get(id);
    if (scenario !== undefined) return scenario;
    throw new MeshError("unknown-lesson", `There is no lesson "${id}" here.`);
  }

  #all(): ReadonlyMap<string, Scenario> {
    this.#scenarios ??= readLessons(this.#folder);
    return this.#scenarios;
  }
}

function readLessons(folder: string): ReadonlyMap<string, Scenario> {
  if (!existsSync(folder)) return new Map();
  const scenarios = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .slice(0, MAX_LESSONS)
    .map((file) => readScenario(join(folder, file)))
    .filter((scenario) => scenario.lesson !== undefined)
    .toSorted((a, b) => (a.lesson?.order ?? 0) - (b.lesson?.order ?? 0));
  return new Map(scenarios.map((scenario) => [scenario.name, scenario]));
}

function describe({ name, title, about, steps, mesh }: Scenario): Lesson {
  return {
    id: name,
    title: title ?? { en: name },
    about,
    steps: steps.filter((step) => step.explain !== undefined).length,
    nodes: nodeNames(mesh.nodes).length,
    consensus: mesh.consensus.kind,
  };
}
