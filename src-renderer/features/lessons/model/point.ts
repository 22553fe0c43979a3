/** What a step of a lesson points at. */
export type Point =
  | { readonly kind: "view"; readonly view: string }
  | { readonly kind: "node"; readonly node: string };

/** Undefined for nothing, and for what this console does not know. */
export function parsePoint(point: string | undefined): Point | undefined {
  const colon = point?.indexOf(":") ?? -1;
  if (point === undefined || colon < 1 || colon === point.length - 1) return undefined;
  const name = point.slice(colon + 1);
  switch (point.slice(0, colon)) {
    case "view":
      return { kind: "view", view: name };
    case "node":
      return { kind: "node", node: name };
    default:
      return undefined;
  }
}
