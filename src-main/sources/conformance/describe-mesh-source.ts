/**
 * The suite every `MeshSource` passes, whatever stands behind it. Import it from a test file only.
 * A harness opens a mesh that lives, and knows how to make something happen in it.
 */
import { afterEach, beforeEach, describe } from "vitest";
import { commanding } from "./commanding.ts";
import type { SourceHarness } from "./harness.ts";
import { reading } from "./reading.ts";
import { subscribing } from "./subscribing.ts";

export function describeMeshSource(name: string, open: () => Promise<SourceHarness>): void {
  describe(`source: ${name}`, () => {
    let harness: SourceHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(async () => {
      await harness.source.close();
      await harness.close();
    });
    reading(() => harness);
    subscribing(() => harness);
    commanding(() => harness);
  });
}
