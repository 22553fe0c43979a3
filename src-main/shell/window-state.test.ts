import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadWindowState, placeWindow, saveWindowState } from "./window-state.ts";

const DISPLAY = { x: 0, y: 0, width: 1920, height: 1080 };
const KEPT = { x: 100, y: 50, width: 1200, height: 800, maximised: false };
const DEFAULT = { width: 1440, height: 900 };

describe("placeWindow", () => {
  it("puts the window back where it was", () => {
    expect(placeWindow(KEPT, [DISPLAY])).toEqual({ x: 100, y: 50, width: 1200, height: 800 });
  });

  it("uses the default when nothing is kept or no display is left there", () => {
    expect(placeWindow(undefined, [DISPLAY])).toEqual(DEFAULT);
    expect(placeWindow({ ...KEPT, x: 4_000 }, [DISPLAY])).toEqual(DEFAULT);
    expect(placeWindow(KEPT, [])).toEqual(DEFAULT);
  });

  it("wants 120 pixels each way on one display", () => {
    expect(placeWindow({ ...KEPT, x: 1_800 }, [DISPLAY])).toMatchObject({ x: 1_800 });
    expect(placeWindow({ ...KEPT, x: 1_801 }, [DISPLAY])).toEqual(DEFAULT);
    expect(placeWindow({ ...KEPT, y: 960 }, [DISPLAY])).toMatchObject({ y: 960 });
    expect(placeWindow({ ...KEPT, y: 961 }, [DISPLAY])).toEqual(DEFAULT);
    expect(placeWindow({ ...KEPT, x: -1_080 }, [DISPLAY])).toMatchObject({ x: -1_080 });
    expect(placeWindow({ ...KEPT, x: -1_081 }, [DISPLAY])).toEqual(DEFAULT);
  });

  it("looks at every display", () => {
    const second = { x: 1_920, y: 0, width: 1_920, height: 1_080 };
    expect(placeWindow({ ...KEPT, x: 2_000 }, [DISPLAY, second])).toMatchObject({ x: 2_000 });
  });
});

describe("window state file", () => {
  const folder = mkdtempSync(join(tmpdir(), "meshdeck-window-"));
  const file = join(folder, "window.json");

  it("comes back as it was saved and leaves no draft", () => {
    saveWindowState(file, KEPT);
    expect(loadWindowState(file)).toEqual(KEPT);
    expect(readdirSync(folder)).toEqual(["window.json"]);
  });

  it.each(["", "{", "{}", '{"x":1,"y":1,"width":10,"height":800,"maximised":false}'])(
    "is forgotten when it reads %j",
    (text) => {
      writeFileSync(file, text);
      expect(loadWindowState(file)).toBeUndefined();
    },
  );
});
