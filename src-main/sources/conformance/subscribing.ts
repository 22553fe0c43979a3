/** Subscribing: order, continuity, isolation. */
import { expect, it } from "vitest";
import { parseMeshEvent } from "#shared/contract/events.ts";
import { foldAll } from "#shared/view/fold.ts";
import { codeOf, comparable, recordingSink, waitForSeq, type Current } from "./harness.ts";

export function subscribing(current: Current): void {
  it("never calls a sink before subscribe returns", async () => {
    const sink = recordingSink();
    const stop = current().source.subscribe(sink, current().begin);
    expect(sink.seen).toEqual([]);
    await waitForSeq(sink, current().source.status().seq);
    stop();
  });

  it("emits valid events, numbered without gaps, in time order", async () => {
    const sink = recordingSink();
    current().source.subscribe(sink, current().begin);
    await current().change();
    await waitForSeq(sink, current().source.status().seq);
    expect(sink.seen.map((event) => event.seq)).toEqual(
      sink.seen.map((_event, index) => current().begin + index + 1),
    );
    let at = 0;
    for (const event of sink.seen) {
      expect(parseMeshEvent(event)).toEqual(event);
      expect(event.at).toBeGreaterThanOrEqual(at);
      ({ at } = event);
    }
  });

  it("a snapshot and the events after it make the later snapshot", async () => {
    const view = current().source.snapshot();
    const sink = recordingSink();
    const stop = current().source.subscribe(sink);
    await current().change();
    await waitForSeq(sink, view.seq + 1);
    stop();
    foldAll(view, sink.seen);
    const later = await current().source.snapshotAt(view.at);
    const tail = await current().source.events(view.seq + 1, 10_000);
    foldAll(
      view,
      tail.filter((event) => event.at <= later.at),
    );
    expect(comparable(view)).toEqual(comparable(later));
  });

  it("goes on after the last event a sink has seen", async () => {
    const { seq } = current().source.status();
    await current().change();
    const sink = recordingSink();
    current().source.subscribe(sink, seq);
    await waitForSeq(sink, seq + 1);
    expect(sink.seen[0]?.seq).toBe(seq + 1);
  });

  it("does not go on after an event that has not happened", async () => {
    const future = current().source.status().seq + 1_000_000;
    expect(await codeOf(() => current().source.subscribe(recordingSink(), future))).toBe(
      "history-gone",
    );
  });

  it("gives each sink everything, and nothing after it let go", async () => {
    const [one, two] = [recordingSink(), recordingSink()];
    const stop = current().source.subscribe(one, current().begin);
    current().source.subscribe(two, current().begin);
    await waitForSeq(one, current().source.status().seq);
    stop();
    stop();
    const had = one.seen.length;
    await current().change();
    await waitForSeq(two, current().begin + had + 1);
    expect(one.seen).toHaveLength(had);
    expect(two.seen.slice(0, had)).toEqual(one.seen);
  });

  it("lives on when a sink throws", async () => {
    const broken = recordingSink();
    broken.events = () => {
      throw new Error("a broken sink");
    };
    const sink = recordingSink();
    current().source.subscribe(broken, current().begin);
    current().source.subscribe(sink, current().begin);
    const { seq } = current().source.status();
    await current().change();
    await waitForSeq(sink, seq + 1);
    expect(sink.seen[0]?.seq).toBe(current().begin + 1);
  });
}
