import type { MeshEventOf, MeshEventType } from "../contract/events.ts";
import type { MeshView } from "./model.ts";

/** What a slice of the view does with events of one type. */
export type Handler<T extends MeshEventType> = (view: MeshView, event: MeshEventOf<T>) => void;

export type Handlers<T extends MeshEventType> = { readonly [K in T]: Handler<K> };
