import { useStoreApi } from "@xyflow/react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { PaintPace } from "../canvas/paint-pace.ts";
import { beginPaint } from "../../../ui/surface.ts";
import { usePalette } from "../canvas/use-palette.ts";
import { curveOf } from "../graph/bend.ts";
import type { Point } from "../graph/geometry.ts";
import type { DrawnNode } from "../graph/group.ts";
import { keepFlying } from "../traffic/flights.ts";
import { paintFlights, type Way } from "../traffic/paint.ts";
import { useFlights } from "../traffic/use-flights.ts";
import { nodeCentre } from "./centre.ts";
import type { LinkEdge } from "./types.ts";

export interface TrafficLayerProps {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly LinkEdge[];
}

/** Messages as dots over links and cards, on one canvas; idle while nothing flies. */
export function TrafficLayer({ nodes, edges }: TrafficLayerProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const palette = usePalette();
  const frame = useRef(0);
  const paint = useRef<() => void>(() => {});
  const wake = useCallback(() => {
    if (frame.current === 0) frame.current = requestAnimationFrame(() => paint.current());
  }, []);
  const flights = useFlights(wake);
  const owners = useMemo(() => ownersOf(nodes), [nodes]);
  const pace = useMemo(() => new PaintPace(), []);
  const bends = useMemo(() => new Map(edges.map((edge) => [edge.id, bendOf(edge)])), [edges]);

  useEffect(() => {
    paint.current = () => {
      frame.current = 0;
      const nowMs = performance.now();
      if (!pace.due(nowMs)) {
        wake();
        return;
      }
      const { width, height, transform, nodeLookup } = flow.getState();
      const context =
        canvas.current === null ? undefined : beginPaint(canvas.current, { width, height });
      if (context === undefined) return;
      const [x, y, zoom] = transform;
      const toScreen = (point: Point): Point => ({ x: point.x * zoom + x, y: point.y * zoom + y });
      const curveFor = (sender: string, receiver: string): Way | undefined => {
        const from = owners.get(sender);
        const to = owners.get(receiver);
        // Within a collapsed zone there is no way to be seen.
        if (from === undefined || to === undefined || from === to) return undefined;
        const a = nodeCentre(nodeLookup.get(from));
        const b = nodeCentre(nodeLookup.get(to));
        if (a === undefined || b === undefined) return undefined;
        const bend = bendBetween(bends, from, to);
        const curve = curveOf(a, b, bend ?? 0);
        return {
          linked: bend !== undefined,
          from: toScreen(curve.from),
          control: toScreen(curve.control),
          to: toScreen(curve.to),
        };
      };
      paintFlights(context, flights.current, { nowMs, palette, curveFor });
      flights.current = keepFlying(flights.current, [], nowMs);
      if (flights.current.length > 0) wake();
    };
  }, [flow, palette, owners, bends, flights, pace, wake]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  return <canvas ref={canvas} className="flow__traffic" aria-hidden />;
}

/** Which drawn thing stands for each node. */
function ownersOf(nodes: readonly DrawnNode[]): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap(({ id, members }) => members.map((member) => [member, id] as const)),
  );
}

function bendOf(edge: LinkEdge): { readonly source: string; readonly bend: number } {
  return { source: edge.source, bend: edge.data?.bend ?? 0 };
}

/** `undefined` without a link. A message against the direction of its edge bends to the other hand, which is the same bow. */
function bendBetween(
  bends: ReadonlyMap<string, { readonly source: string; readonly bend: number }>,
  from: string,
  to: string,
): number | undefined {
  const found = bends.get(from < to ? `${from}~${to}` : `${to}~${from}`);
  if (found === undefined) return undefined;
  return found.source === from ? found.bend : -found.bend;
}
