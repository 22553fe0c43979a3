import { INITIAL_CREDIT, type MeshListing } from "#shared/contract/protocol.ts";
import type { MeshPush } from "#shared/rpc/client-stream.ts";
import type { Subscription } from "#shared/rpc/client.ts";
import type { HostClient } from "../client/host-client.ts";
import type { ConsoleStore } from "./console.ts";
import type { FlushPort } from "./flush.ts";
import { MeshStore } from "./mesh-store.ts";

/** Credit goes back in portions of this many events. */
const CREDIT_PORTION = INITIAL_CREDIT / 4;
/** The list tells the progress of every mesh many times a second; it is shown this often. */
const LISTING_MS = 1_000;

export interface Feed {
  /** Follows this mesh instead of the one before; going back to one resumes where it was left. */
  follow(id: string | undefined): void;
  /** Another host instance answers: nothing that is known here continues there. */
  forget(): void;
  /** On the clock of `Date.now()`; undefined: never. */
  lastHeardMs(): number | undefined;
}

/** Keeps the list of meshes and the view of the active one up to date; begins with `first`. */
export function startFeed(
  host: HostClient,
  store: ConsoleStore,
  port: FlushPort,
  first?: string,
): Feed {
  const meshes = new Map<string, MeshStore>();
  let stream: Subscription | undefined;
  /** The mesh shown was closed; another may have its id by the time the list comes. */
  let ended = false;
  let heardMs: number | undefined;
  let listedAtMs = 0;

  function follow(id: string | undefined): void {
    stream?.cancel();
    stream = undefined;
    ended = false;
    if (id === undefined) {
      store.setState({ active: undefined, mesh: undefined });
      return;
    }
    const mesh = meshes.get(id) ?? new MeshStore(id, port);
    meshes.set(id, mesh);
    stream = subscribe(mesh);
    store.setState({ active: id, mesh });
  }

  function subscribe(mesh: MeshStore): Subscription {
    const params = mesh.ready ? { mesh: mesh.id, sinceSeq: mesh.lastSeq } : { mesh: mesh.id };
    const subscription = host.subscribe(
      "mesh",
      params,
      {
        push(push) {
          heardMs = Date.now();
          deliver(mesh, push);
        },
        end() {
          meshes.delete(mesh.id);
          ended ||= store.getState().mesh === mesh;
        },
      },
      { credit: "manual" },
    );
    grantAsFolded(mesh, subscription);
    return subscription;
  }

  function listed(listings: readonly MeshListing[]): void {
    heardMs = Date.now();
    const { active, listings: before } = store.getState();
    const now = performance.now();
    if (
      before === undefined ||
      now - listedAtMs > LISTING_MS ||
      !sameButProgress(before, listings)
    ) {
      listedAtMs = now;
      store.setState({ listings: keepDescriptions(before ?? [], listings) });
    }
    const ids = new Set(listings.map(({ description }) => description.id));
    for (const id of meshes.keys()) if (!ids.has(id)) meshes.delete(id);
    const wanted = active ?? first;
    const known = wanted !== undefined && ids.has(wanted);
    const next = known ? wanted : listings[0]?.description.id;
    if (ended || next !== active) follow(next);
  }

  host.subscribe("meshes", {}, { push: ({ meshes: listings }) => listed(listings) });
  return {
    follow,
    forget: () => meshes.clear(),
    lastHeardMs: () => heardMs,
  };
}

function grantAsFolded(mesh: MeshStore, subscription: Subscription): void {
  let consumed = 0;
  mesh.onFolded = (count) => {
    consumed += count;
    if (consumed < CREDIT_PORTION) return;
    subscription.grant(consumed);
    consumed = 0;
  };
}

function deliver(mesh: MeshStore, push: MeshPush): void {
  switch (push.kind) {
    case "snapshot":
      mesh.replace(push.view);
      break;
    case "events":
      mesh.push(push.events);
      break;
    case "gap":
      mesh.gap(push);
      break;
    case "status":
      mesh.setStatus(push.status);
      break;
    default:
      push satisfies never;
  }
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether only time, sequence number and the like went on. */
function sameButProgress(a: readonly MeshListing[], b: readonly MeshListing[]): boolean {
  return (
    a.length === b.length &&
    a.every((listing, at) => {
      const other = b[at];
      return (
        other !== undefined &&
        sameJson(listing.description, other.description) &&
        sameJson(listing.status.connection, other.status.connection) &&
        listing.status.playing === other.status.playing &&
        listing.status.ratio === other.status.ratio
      );
    })
  );
}

/** A description that says the same stays the same object: nobody who reads it has to redraw. */
function keepDescriptions(
  before: readonly MeshListing[],
  listings: readonly MeshListing[],
): readonly MeshListing[] {
  return listings.map((listing) => {
    const { description } = listing;
    const known = before.find((other) => other.description.id === description.id)?.description;
    return known !== undefined && sameJson(known, description)
      ? { ...listing, description: known }
      : listing;
  });
}
