/** What observers hold of members, as a matrix, and the worst of it as a list. */
import type { MeshView } from "#shared/view/model.ts";
import type { Standing } from "#shared/view/state-model.ts";

export interface StandingMatrix {
  readonly observers: readonly string[];
  readonly members: readonly string[];
  /** That are left out because the matrix has no room for them. */
  readonly hidden: number;
}

/** Only who has an opinion of others than strangers get, and of whom. */
export function standingMatrix(view: MeshView, most: number): StandingMatrix {
  const { observers } = view.reputation;
  const worst = new Map<string, number>();
  for (const members of observers.values()) {
    for (const [member, { score }] of members) {
      worst.set(member, Math.min(score, worst.get(member) ?? score));
    }
  }
  const members = [...worst].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  const names = [...observers.keys()].sort((a, b) => (a < b ? -1 : 1));
  return {
    observers: names.slice(0, most),
    members: members.slice(0, most).map(([member]) => member),
    hidden: Math.max(0, names.length - most) + Math.max(0, members.length - most),
  };
}

export interface Opinion extends Standing {
  readonly observer: string;
  readonly member: string;
}

/** Lowest scores first; who stands well is nothing to report. */
export function worstOpinions(view: MeshView, most: number): readonly Opinion[] {
  const all: Opinion[] = [];
  for (const [observer, members] of view.reputation.observers) {
    for (const [member, standing] of members) {
      if (standing.score < 0) all.push({ observer, member, ...standing });
    }
  }
  return all.sort((a, b) => a.score - b.score || a.at - b.at).slice(0, most);
}
