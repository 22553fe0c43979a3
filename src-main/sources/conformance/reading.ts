/** Reading: description, snapshots, history. */
import { expect, it } from "vitest";
import { meshDescriptionSchema, meshStatusSchema } from "#shared/contract/description.ts";
import { codeOf, type Current } from "./harness.ts";

export function reading(current: Current): void {
  it("describes itself and its status by the contract", () => {
    meshDescriptionSchema.parse(current().source.describe());
    const status = meshStatusSchema.parse(current().source.status());
    expect(status.seq).toBe(current().source.snapshot().seq);
    expect(status.at).toBeGreaterThanOrEqual(current().source.snapshot().at);
    expect(status.historyFrom).toBeLessThanOrEqual(status.at);
  });

  it("says why for each command it refuses", () => {
    const { capabilities } = current().source.describe();
    for (const reason of Object.values(capabilities)) {
      if (reason !== null) expect(reason).toMatch(/^.{12,}\.$/);
    }
  });

  it("hands out snapshots that are the caller's own", () => {
    const mine = current().source.snapshot();
    mine.nodes.clear();
    mine.logs.lines.length = 0;
    expect(current().source.snapshot().nodes.size).toBeGreaterThan(0);
  });

  it("reads events by number and limit", async () => {
    const { seq } = current().source.status();
    const all = await current().source.events(1, 10_000);
    expect(all[0]?.seq).toBe(1);
    expect(all.length).toBeGreaterThanOrEqual(seq);
    expect(await current().source.events(2, 2)).toEqual(all.slice(1, 3));
    expect(await current().source.events(seq + 1_000_000, 5)).toEqual([]);
  });

  it("looks back to any moment of its history", async () => {
    await current().change();
    const all = await current().source.events(1, 10_000);
    const middle = all[Math.floor(all.length / 2)];
    if (middle === undefined) throw new Error("the mesh has no events");
    const past = await current().source.snapshotAt(middle.at);
    const until = all.filter((event) => event.at <= middle.at);
    expect(past.seq).toBe(until.at(-1)?.seq);
    const now = await current().source.snapshotAt(Number.MAX_SAFE_INTEGER);
    expect(now.seq).toBeGreaterThanOrEqual(all.length);
  });

  it("records the run as text, or says why not", async () => {
    const code = await codeOf(async () =>
      expect((await current().source.record()).length).toBeGreaterThan(0),
    );
    expect(["no error", "not-supported"]).toContain(code);
  });
}
