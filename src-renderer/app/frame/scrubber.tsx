import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { MeshStore } from "../../state/mesh-store.ts";
import { formatAt } from "../../ui/format.ts";
import { useApp } from "../context.ts";
import {
  useDescription,
  useMeshStatus,
  useMeshStore,
  useMeshVersion,
  usePastAt,
} from "../hooks/use-mesh.ts";
import { usePrefs } from "../hooks/use-stores.ts";
import { binMarks, type MarkTone } from "./marks.ts";

/** Steps of the slider: fine enough for a wide screen, coarse enough for arrow keys. */
const STEPS = 1_000;

/** All of the history that is kept, with what happened marked; dragging shows that moment. */
export function Scrubber(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const mesh = useMeshStore();
  const clock = useDescription()?.clock ?? "virtual";
  const past = usePastAt();
  const theme = usePrefs((prefs) => prefs.theme);
  const status = useMeshStatus();
  const from = status?.historyFrom ?? 0;
  useMeshVersion("slow");
  const to = Math.max(from + 1, mesh?.live.at ?? 0, status?.at ?? 0);
  const shown = past ?? to;
  return (
    <div className="scrubber">
      {/* Another theme draws with other colours. */}
      {mesh === undefined ? null : <Marks key={theme} mesh={mesh} from={from} />}
      <input
        className="scrubber__range"
        type="range"
        min={0}
        max={STEPS}
        step={1}
        value={Math.round(((shown - from) / (to - from)) * STEPS)}
        aria-label={t("time.scrub")}
        aria-valuetext={past === undefined ? t("time.live") : formatAt(past, clock)}
        onChange={(event) => {
          const step = event.currentTarget.valueAsNumber;
          if (step >= STEPS) app.returnToNow();
          else void app.lookAt(Math.round(from + ((to - from) * step) / STEPS));
        }}
      />
    </div>
  );
}

interface MarksProps {
  readonly mesh: MeshStore;
  readonly from: number;
}

function Marks({ mesh, from }: MarksProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const draw = () => drawMarks(element, mesh, from);
    draw();
    return mesh.subscribe(draw, "slow");
  }, [mesh, from]);
  return <canvas ref={canvas} className="scrubber__marks" aria-hidden="true" />;
}

const COLOURS: Readonly<Record<MarkTone, string>> = {
  failed: "--failed",
  suspect: "--suspect",
  paused: "--paused",
  healthy: "--healthy",
  accent: "--accent-text",
  quiet: "--border-strong",
};

function drawMarks(canvas: HTMLCanvasElement, mesh: MeshStore, from: number): void {
  const ratio = window.devicePixelRatio;
  const width = Math.round(canvas.clientWidth);
  const height = Math.round(canvas.clientHeight);
  if (width === 0) return;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  context.fillStyle = style.getPropertyValue("--border");
  context.fillRect(0, height / 2 - 1, width, 2);
  const to = Math.max(mesh.live.at, mesh.status?.at ?? 0);
  const bins = binMarks(mesh.live.timeline.entries, { from, to }, width);
  for (const [x, tone] of bins.entries()) {
    if (tone === undefined) continue;
    const half = tone === "quiet" ? 3 : 8;
    context.fillStyle = style.getPropertyValue(COLOURS[tone]);
    context.fillRect(x, height / 2 - half, 1.5, half * 2);
  }
}
