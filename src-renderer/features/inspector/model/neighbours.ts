import type { LinkView, MeshView } from "#shared/view/model.ts";

export interface Neighbour {
  readonly peer: string;
  readonly link: LinkView;
  /** Whether this node, and the peer, say that the link is up. */
  readonly mine: boolean;
  readonly theirs: boolean;
}

/** In the order of the peers' names. O(links). */
export function neighboursOf(view: MeshView, node: string): readonly Neighbour[] {
  const found: Neighbour[] = [];
  for (const link of view.links.values()) {
    if (link.a === node) found.push({ peer: link.b, link, mine: link.aUp, theirs: link.bUp });
    if (link.b === node) found.push({ peer: link.a, link, mine: link.bUp, theirs: link.aUp });
  }
  return found.sort((x, y) => (x.peer < y.peer ? -1 : 1));
}
