/** `meshdeck replay`: a recorded run again, compared with what was recorded. */
import { replayFile } from "#main/host/runs.ts";
import { describeTime } from "../describe-event.ts";
import { EXIT_FAILED } from "../exit.ts";
import type { CliContext } from "../context.ts";
import { writeJson, writeLine } from "../terminal.ts";

export interface ReplayOptions {
  readonly json?: boolean;
}

export function replay(file: string, options: ReplayOptions, context: CliContext): void {
  const { out } = context.terminal;
  const { mesh, same, hash, differsAt } = replayFile(file, (event) => {
    if (options.json === true) writeJson(out, event);
  });
  if (options.json === true) {
    writeJson(out, { result: { same, hash, differsAt, at: mesh.now, events: mesh.seq } });
  } else {
    const took = `${describeTime(mesh.now, "virtual")} of mesh time, ${mesh.seq} events`;
    const from = differsAt === undefined ? "" : `, from event ${differsAt} on`;
    const verdict = same
      ? "the same happened again"
      : `something else happened than was recorded${from}`;
    writeLine(out, `${same ? "ok  " : "FAIL"}  ${verdict} (${took}, trace hash ${hash})`);
  }
  if (!same) context.exit(EXIT_FAILED);
}
