import type { Positions } from "./geometry.ts";
import type { DrawnGraph } from "./group.ts";
import { autoLayout, keepPlaces, type LayoutChoice, type LayoutName } from "./layout.ts";
import {
  NOTHING_SAVED,
  readPlaces,
  type SavedPlaces,
  savedPlacesKey,
  writePlaces,
} from "./saved-places.ts";

export interface PlaceInput {
  readonly mesh: string;
  /** Wanted kind of the overlay, where the mesh has one. */
  readonly topology: string | undefined;
  readonly choice: LayoutChoice;
  readonly graph: DrawnGraph;
}

export interface PlacePorts {
  /** Lays out, at once or later; gives a function that gives up. */
  run(name: LayoutName, graph: DrawnGraph, done: (places: Positions) => void): () => void;
  read(key: string): string | null;
  write(key: string, text: string): void;
  /** Milliseconds that only grow. */
  now(): number;
}

/** A mesh that opens fills up within this time; only then do places become final. */
export const SETTLING_MS = 1_500;

const NOWHERE: Positions = new Map();

/**
 * Where every drawn node lies. Data never moves a node: only another mesh, another layout, another
 * wanted topology or a hand does. Nodes that come later find a place beside their neighbours.
 */
export class PlaceKeeper {
  readonly #ports: PlacePorts;
  readonly #listeners = new Set<() => void>();
  #input: PlaceInput | undefined;
  #saved: SavedPlaces = NOTHING_SAVED;
  #places: Positions = NOWHERE;
  #layouts = 0;
  #laid: { readonly name: LayoutName; readonly nodes: number; readonly edges: number } | undefined;
  #openedAtMs: number | undefined;
  #giveUp: (() => void) | undefined;

  constructor(ports: PlacePorts) {
    this.#ports = ports;
  }

  get places(): Positions {
    return this.#places;
  }

  /** Grows with each layout: the drawing then fits itself to the screen. */
  get layouts(): number {
    return this.#layouts;
  }

  get laidOutAs(): LayoutName | undefined {
    return this.#laid?.name;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  update(input: PlaceInput): void {
    const before = this.#input;
    this.#input = input;
    if (before?.mesh !== input.mesh) this.#open(input.mesh);
    if (input.graph.nodes.length === 0) {
      this.#setPlaces(NOWHERE);
      return;
    }
    const settling = this.#settles(input.graph);
    const name = this.#nameFor(input, settling || before?.topology !== input.topology);
    const grown = settling && this.#hasGrown(name, input.graph);
    if (this.#laid?.name !== name || grown) this.#layOut(name, input.graph);
    else if (this.#places.size > 0) this.#setPlaces(keepPlaces(input.graph, this.#places));
  }

  /** Lays out anew and forgets where nodes were dragged. */
  relayout(): void {
    const input = this.#input;
    if (input === undefined || input.graph.nodes.length === 0) return;
    this.#saved = { ...this.#saved, dragged: NOWHERE };
    this.#save();
    this.#layOut(this.#nameFor(input, true), input.graph);
  }

  /** Nodes were dragged to these places. */
  drop(moved: Positions): void {
    this.#saved = { ...this.#saved, dragged: new Map([...this.#saved.dragged, ...moved]) };
    this.#save();
    this.#setPlaces(withMoved(this.#places, moved));
  }

  stop(): void {
    this.#giveUp?.();
    this.#giveUp = undefined;
  }

  /** A layout made before the first link was known is provisional: opening begins with that one. */
  #settles({ edges }: DrawnGraph): boolean {
    const now = this.#ports.now();
    const firstLinks = this.#laid?.edges === 0 && edges.length > 0;
    if (this.#openedAtMs === undefined || firstLinks) this.#openedAtMs = now;
    return now - this.#openedAtMs < SETTLING_MS;
  }

  #hasGrown(name: LayoutName, { nodes, edges }: DrawnGraph): boolean {
    if (this.#laid?.nodes !== nodes.length) return true;
    // The other layouts look at the nodes alone, apart from the hub of a star.
    return (name === "force" || name === "star") && this.#laid.edges !== edges.length;
  }

  #open(mesh: string): void {
    this.stop();
    this.#saved = readPlaces(this.#ports.read(savedPlacesKey(mesh)));
    this.#openedAtMs = undefined;
    this.#laid = undefined;
    this.#setPlaces(NOWHERE);
  }

  /** What "auto" means is decided once and stays, until somebody asks again. */
  #nameFor({ choice, topology, graph }: PlaceInput, decide: boolean): LayoutName {
    if (choice !== "auto") return choice;
    return decide || this.#laid === undefined ? autoLayout(topology, graph) : this.#laid.name;
  }

  #layOut(name: LayoutName, graph: DrawnGraph): void {
    this.stop();
    this.#laid = { name, nodes: graph.nodes.length, edges: graph.edges.length };
    this.#giveUp = this.#ports.run(name, graph, (fresh) => {
      this.#giveUp = undefined;
      this.#layouts += 1;
      const now = this.#input?.graph ?? graph;
      this.#setPlaces(keepPlaces(now, withMoved(fresh, this.#saved.dragged)));
    });
  }

  #save(): void {
    const input = this.#input;
    if (input === undefined) return;
    const saved = { layout: input.choice, dragged: this.#saved.dragged };
    this.#ports.write(savedPlacesKey(input.mesh), writePlaces(saved));
  }

  #setPlaces(places: Positions): void {
    if (places === this.#places) return;
    this.#places = places;
    for (const listener of this.#listeners) listener();
  }
}

function withMoved(places: Positions, moved: Positions): Positions {
  if (moved.size === 0) return places;
  const next = new Map(places);
  for (const [id, point] of moved) if (next.has(id)) next.set(id, point);
  return next;
}
