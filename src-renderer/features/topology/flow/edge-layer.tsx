import type { MeshView } from "#shared/view/model.ts";
import { useStoreApi } from "@xyflow/react";
import { type ReactNode, useContext, useEffect, useRef } from "react";
import { useApp } from "../../../app/context.ts";
import { useMeshStore } from "../../../app/hooks/use-mesh.ts";
import { type PaintedEdge, paintEdges } from "../canvas/edges.ts";
import { beginPaint } from "../../../ui/surface.ts";
import { usePalette } from "../canvas/use-palette.ts";
import type { FaultIndex } from "../graph/link-faults.ts";
import { nodeCentre } from "./centre.ts";
import { isHop } from "../graph/route.ts";
import { FaultsContext } from "./link-edge.tsx";
import type { LinkEdge } from "./types.ts";

/** All links on one canvas under the cards: what SVG edges cost is why this tier exists. */
export function EdgeLayer({ edges }: { readonly edges: readonly LinkEdge[] }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const palette = usePalette();
  const faults = useContext(FaultsContext);
  const mesh = useMeshStore();
  const { selection } = useApp();

  useEffect(() => {
    let frame = 0;
    const paint = (): void => {
      frame = 0;
      const { width, height, transform, nodeLookup } = flow.getState();
      const context =
        canvas.current === null ? undefined : beginPaint(canvas.current, { width, height });
      if (context === undefined) return;
      const [x, y, zoom] = transform;
      const { route, link } = selection.getState();
      const painted = edges.flatMap((edge): PaintedEdge[] => {
        const from = nodeCentre(nodeLookup.get(edge.source));
        const to = nodeCentre(nodeLookup.get(edge.target));
        if (from === undefined || to === undefined) return [];
        const emphasis = emphasisOf(edge, route, link);
        return [{ from, to, emphasis, ...conditionOf(edge, mesh?.view, faults) }];
      });
      context.translate(x, y);
      context.scale(zoom, zoom);
      paintEdges(context, painted, palette, zoom);
    };
    const ask = (): void => {
      if (frame === 0) frame = requestAnimationFrame(paint);
    };
    ask();
    const stops = [flow.subscribe(ask), selection.subscribe(ask), mesh?.subscribe(ask, "slow")];
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop?.();
    };
  }, [flow, palette, faults, mesh, selection, edges]);

  return <canvas ref={canvas} className="flow__edges" aria-hidden />;
}

function emphasisOf(
  edge: LinkEdge,
  route: readonly string[] | undefined,
  link: string | undefined,
): PaintedEdge["emphasis"] {
  if (isHop(route, edge.source, edge.target)) return "route";
  if (link !== undefined && edge.data?.links.includes(link) === true) return "selected";
  return edge.data?.faded === true ? "faded" : "none";
}

function conditionOf(
  edge: LinkEdge,
  view: MeshView | undefined,
  faults: FaultIndex,
): Pick<PaintedEdge, "half" | "condition"> {
  const link = view?.links.get(edge.data?.links[0] ?? "");
  if (link === undefined) return { half: false, condition: "clear" };
  return { half: link.aUp !== link.bUp, condition: faults.of(link.a, link.b).condition };
}
