import { ViewportPortal } from "@xyflow/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Positions } from "../graph/geometry.ts";
import type { DrawnNode } from "../graph/group.ts";
import type { FaultIndex } from "../graph/link-faults.ts";
import { outlinePath, partitionRegions, type Region, zoneRegions } from "../graph/regions.ts";
import { cleanText } from "../../../ui/text.ts";
import { boundsOf } from "../graph/geometry.ts";

export interface RegionsLayerProps {
  readonly nodes: readonly DrawnNode[];
  readonly places: Positions;
  readonly faults: FaultIndex;
  /** Zones lie together in this layout, so that an area around each means something. */
  readonly zoned: boolean;
}

/** Sides of a partition and zones, as areas behind the cards. */
export function RegionsLayer({ nodes, places, faults, zoned }: RegionsLayerProps): ReactNode {
  const sides = faults.sides > 1 ? partitionRegions(nodes, places, faults) : [];
  const zones = zoned ? zoneRegions(nodes, places) : [];
  if (sides.length === 0 && zones.length === 0) return null;
  return (
    <ViewportPortal>
      <svg className="regions" aria-hidden>
        <defs>
          <pattern id="hatch-1" width="10" height="10" patternUnits="userSpaceOnUse">
            <path className="regions__hatch" d="M0,10L10,0" />
          </pattern>
          <pattern id="hatch-0" width="10" height="10" patternUnits="userSpaceOnUse">
            <path className="regions__hatch" d="M0,0L10,10" />
          </pattern>
        </defs>
        {zones.map((region) => (
          <ZoneArea key={region.id} region={region} />
        ))}
        {sides.map((region) => (
          <SideArea key={region.id} region={region} total={nodes.length} />
        ))}
      </svg>
    </ViewportPortal>
  );
}

function ZoneArea({ region }: { readonly region: Region }): ReactNode {
  const box = boundsOf(region.outline);
  if (box === undefined) return null;
  return (
    <g className="zone-area">
      <rect x={box.x} y={box.y - 14} width={box.width} height={box.height + 14} rx="14" />
      <text x={box.x + 14} y={box.y + 6}>
        {cleanText(region.id, 48)}
      </text>
    </g>
  );
}

interface SideAreaProps {
  readonly region: Region;
  /** Nodes on all sides together. */
  readonly total: number;
}

/** A side with the majority stays clear; those without are hatched. */
function SideArea({ region, total }: SideAreaProps): ReactNode {
  const { t } = useTranslation("topology");
  const box = boundsOf(region.outline);
  const path = outlinePath(region.outline);
  const minority = region.members.length * 2 <= total;
  return (
    <g className={`side-area side-area--${minority ? (region.index % 3) + 1 : 0}`}>
      <path className="side-area__tint" d={path} />
      {minority ? <path d={path} fill={`url(#hatch-${region.index % 2})`} /> : null}
      {box === undefined ? null : (
        <text x={box.x + 14} y={box.y + 19}>
          {t(minority ? "side.minority" : "side.majority", { count: region.members.length })}
        </text>
      )}
    </g>
  );
}
