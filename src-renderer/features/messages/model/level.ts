/** How much of each message can be drawn before the drawing stands still, or turns black. */
export type Level = "labels" | "arrows" | "lines" | "density";

/** With room for words. */
const LABELS_UP_TO = 60;
/** With heads. */
const ARROWS_UP_TO = 700;
/** Lines on the screen at once that a machine without a GPU still pans at 30 frames a second. */
const LINES_UP_TO = 2_500;
/** More lines than this for each pixel of width, and none can be told from its neighbour. */
const LINES_PER_PX = 4;

export function levelFor(messages: number, widthPx: number): Level {
  if (messages > Math.min(LINES_UP_TO, widthPx * LINES_PER_PX)) return "density";
  if (messages > ARROWS_UP_TO) return "lines";
  return messages > LABELS_UP_TO ? "arrows" : "labels";
}
