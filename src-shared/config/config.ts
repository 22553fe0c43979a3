/**
 * What a user sets for all consoles of a host. Where a card stands or which panel is open is not
 * configuration; consoles keep that themselves.
 */
import { z } from "zod";
import { MeshError } from "../contract/errors.ts";
import { MAX_LOG_LINES } from "../view/model.ts";
import { migrate } from "./migrate.ts";

export const CONFIG_VERSION = 1;

/** `Mod+K`, `Shift+F`, `?`, or a sequence such as `g t`. */
const chordSchema = z
  .string()
  .regex(/^\S{1,24}( \S{1,24}){0,2}$/, "a shortcut is up to three key combinations");

export const configSchema = z.strictObject({
  version: z.literal(CONFIG_VERSION).default(CONFIG_VERSION),
  /** `system` follows the desktop. */
  theme: z.enum(["system", "light", "dark"]).default("system"),
  /** `auto` follows the browser or desktop. */
  language: z.enum(["auto", "en", "zh"]).default("auto"),
  /** `reduced` stops everything that moves on its own; `system` follows the desktop. */
  motion: z.enum(["system", "reduced"]).default("system"),
  /** Command id → shortcuts that replace the default ones; an empty list removes them. */
  keys: z.record(z.string().max(64), z.array(chordSchema).max(4)).default({}),
  /** How to ask before something is taken away; `sandbox` meshes are asked about only with `all`. */
  confirm: z.enum(["all", "remote", "risky"]).default("remote"),
  /** Log lines shown at most; the newest win. More take more memory. */
  logLines: z.number().int().min(100).max(MAX_LOG_LINES).default(MAX_LOG_LINES),
  logWrap: z.boolean().default(false),
});
export type Config = z.infer<typeof configSchema>;

export const DEFAULT_CONFIG: Config = configSchema.parse({});

export interface ConfigProblem {
  /** For example `keys.app.palette.0`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export type ConfigCheck =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Brings a configuration of any known version up to date and reports all its problems at once. */
export function checkConfig(stored: unknown): ConfigCheck {
  const migrated = migrate(stored, CONFIG_VERSION);
  if (!migrated.ok) return { ok: false, problems: [{ path: "version", message: migrated.why }] };
  const parsed = configSchema.safeParse(migrated.value);
  if (parsed.success) return { ok: true, config: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join("."),
    message,
  }));
  return { ok: false, problems };
}

/** Throws `MeshError` "bad-options" with all problems in `details.problems`. */
export function requireConfig(stored: unknown): Config {
  const check = checkConfig(stored);
  if (check.ok) return check.config;
  const list = check.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new MeshError("bad-options", `The settings cannot be used. ${list}`.slice(0, 1_900), {
    details: { problems: check.problems },
  });
}
