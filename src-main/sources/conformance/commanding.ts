/** Commands and the end. */
import { expect, it } from "vitest";
import { meshCommandSchema } from "#shared/contract/commands.ts";
import { codeOf, CONTEXT, recordingSink, waitForSeq, type Current } from "./harness.ts";

export function commanding(current: Current): void {
  it("refuses a command it does not offer, with the reason, and changes nothing", async () => {
    const before = current().source.describe().capabilities[current().unsupported.type];
    expect(before === undefined || typeof before === "string").toBe(true);
    expect(await codeOf(() => current().source.execute(current().unsupported, CONTEXT))).toBe(
      "not-supported",
    );
  });

  it("carries out a command it offers", async () => {
    if (current().accepted === undefined) return;
    const command = meshCommandSchema.parse(current().accepted);
    expect(current().source.describe().capabilities[command.type]).toBeNull();
    expect(await codeOf(() => current().source.execute(command, CONTEXT))).toBe("no error");
  });

  it("refuses a command about a node that is not there", async () => {
    const command = current().unknownNode;
    if (command === undefined) return;
    expect(await codeOf(() => current().source.execute(command, CONTEXT))).toBe("unknown-node");
  });

  it("closes once and for all, twice without a word", async () => {
    const sink = recordingSink();
    current().source.subscribe(sink, current().begin);
    await waitForSeq(sink, current().source.status().seq);
    const had = sink.seen.length;
    await current().source.close();
    await current().source.close();
    expect(current().source.status().connection.state).toBe("stopped");
    expect(await codeOf(() => current().source.execute(current().unsupported, CONTEXT))).not.toBe(
      "no error",
    );
    expect(await codeOf(() => current().source.subscribe(recordingSink()))).toBe("closed");
    expect(sink.seen).toHaveLength(had);
  });
}
