/**
 * What passes between the shell of the desktop application and the host in its utility process,
 * besides the frames of `protocol.ts` on the ports handed over. The shell passes the arguments of
 * its command line on to the host: `--data DIR` means the same as for `meshdeck serve`.
 */
import { z } from "zod";

/** Shell → host (the utility process). `console` carries the port of one console. */
export const shellToHostSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("console") }),
  /** Stop everything in order and exit with 0. */
  z.strictObject({ kind: z.literal("close") }),
]);
export type ShellToHost = z.infer<typeof shellToHostSchema>;

/** Host → shell. A host that cannot start says why before it exits. */
export const hostToShellSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({ kind: z.literal("failed"), message: z.string().max(4_096) }),
]);
export type HostToShell = z.infer<typeof hostToShellSchema>;
