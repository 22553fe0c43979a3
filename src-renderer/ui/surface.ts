export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sharp on every screen, but no more than twice: a canvas without a GPU pays for each pixel. */
const MAX_RATIO = 2;

/** Fits the canvas to its element, clears it, and hands out a context in CSS pixels. */
export function beginPaint(
  canvas: HTMLCanvasElement,
  size: Size,
): CanvasRenderingContext2D | undefined {
  const ratio = Math.min(MAX_RATIO, window.devicePixelRatio);
  const width = Math.round(size.width * ratio);
  const height = Math.round(size.height * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  if (context === null) return undefined;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  return context;
}
