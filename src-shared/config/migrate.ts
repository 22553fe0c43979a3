/** Old configurations, step by step: `MIGRATIONS[n]` turns version n into version n + 1. */

type Fields = Readonly<Record<string, unknown>>;
type Migration = (fields: Fields) => Fields;

const WINDOW_STATE: ReadonlySet<string> = new Set([
  "view",
  "inspectorOpen",
  "dockOpen",
  "dockPanel",
  "dockHeight",
  "hintsSeen",
  "showFps",
]);

/** What consoles kept without a version: their window state was in it too. */
function dropWindowState(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !WINDOW_STATE.has(name)));
}

const MIGRATIONS: readonly Migration[] = [dropWindowState];

export type Migrated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: string };

/** A later version is never guessed at: it would lose what it does not know. */
export function migrate(stored: unknown, version: number): Migrated {
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) {
    return { ok: true, value: stored };
  }
  const fields = stored as Fields;
  const from = fields["version"] ?? 0;
  if (typeof from !== "number" || !Number.isInteger(from) || from < 0) {
    return { ok: false, why: "is no version number" };
  }
  if (from > version) {
    return { ok: false, why: `is ${from}; this Meshdeck knows up to ${version}, update it` };
  }
  const steps = MIGRATIONS.slice(from, version);
  const value = steps.reduce<Fields>((current, migration) => migration(current), fields);
  return { ok: true, value: { ...value, version } };
}
