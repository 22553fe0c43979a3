import type { ReactNode } from "react";
import { useLink, useNode } from "../../app/hooks/use-mesh.ts";
import { useSelection } from "../../app/hooks/use-stores.ts";
import { LinkPanel } from "./link-panel.tsx";
import { ManyPanel } from "./many-panel.tsx";
import { MeshPanel } from "./mesh-panel.tsx";
import { NodePanel } from "./node-panel.tsx";
import "./inspector-panel.css";

/** What is selected; the whole mesh when nothing is. */
export function InspectorPanel(): ReactNode {
  const nodes = useSelection((state) => state.nodes);
  const linkKey = useSelection((state) => state.link);
  const [only = ""] = nodes;
  const node = useNode(only);
  const link = useLink(linkKey ?? "");
  if (link !== undefined) return <LinkPanel link={link} />;
  if (nodes.size > 1) return <ManyPanel ids={[...nodes]} />;
  // A node that was removed while it was selected is no longer there to be shown.
  return node === undefined ? <MeshPanel /> : <NodePanel node={node} />;
}
