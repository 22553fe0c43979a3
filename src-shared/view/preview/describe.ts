/** Previews in English, for the command line. Consoles translate the codes themselves. */
import type { Preview } from "../preview.ts";
import type { PreviewCode, PreviewNote } from "./notes.ts";

/** `{name}` stands for a parameter. */
const TEXTS: Readonly<Record<PreviewCode, string>> = {
  "not-offered": "This mesh cannot do that. {reason}",
  "below-role": "This needs the role {needed}; yours is {role}.",
  "unknown-node": "There is no node {node}.",
  "already-exists": "There is a node {node} already.",
  "wrong-state": "{node} is {state}.",
  "unknown-fault": "There is no fault {fault}.",
  "on-two-sides": "{node} is on two sides.",
  stops: "Stops {count} of {of} nodes: {nodes}.",
  pauses: "Pauses {count} of {of} nodes: {nodes}.",
  starts: "Starts {count} of {of} nodes: {nodes}.",
  "loses-disk": "What {nodes} had on disk is gone for good.",
  "tears-write": "The last record that {nodes} wrote is torn.",
  leaves: "{nodes} leaves the mesh and is no longer a member.",
  forgets: "The mesh no longer counts {nodes} as a member.",
  "quorum-kept": "{present} of {of} members stay, {needed} are a majority; {canLose} more may go.",
  "quorum-tight": "{present} of {of} members stay, just a majority; no more may go.",
  "quorum-lost": "Only {present} of {of} members stay; without {needed} there is no majority.",
  "quorum-regained": "{present} of {of} members, a majority again.",
  "side-majority": "Keeps the majority ({count} of {of}): {nodes}.",
  "side-minority": "Turns read-only ({count} of {of}, {needed} needed): {nodes}.",
  "no-side-majority": "No side has the majority of {needed} of {of}: all turn read-only.",
  "links-lost": "{count} links are lost.",
  "overlay-cut":
    "The overlay falls into {parts} parts (of {sizes} nodes) until links are repaired.",
  "loses-messages": "{percent} % of the messages are lost.",
  "delays-messages": "Messages take {ms} ms one way on average.",
  "delays-node": "Everything this node handles is {ms} ms late.",
  "skews-clock": "The clock of {node} drifts by {ppm} ppm.",
  "clears-faults": "{count} faults end.",
  "changes-topology": "The overlay changes from {from} to {to}.",
  "changes-gossip": "{count} running nodes change their gossip settings.",
  "ends-by-itself": "Ends by itself after {ms} ms.",
  "undone-by": "Can be taken back with {command}.",
  "not-undone": "Cannot be taken back.",
};

const MARKS = { info: " ", warn: "!", danger: "‼" } as const;

/** A line a note, with a mark for how bad it is. */
export function describePreview({ notes }: Preview): string {
  return notes.map((note) => `${MARKS[note.severity]} ${describeNote(note)}`).join("\n");
}

export function describeNote({ code, params }: PreviewNote): string {
  return TEXTS[code].replace(/\{(\w+)\}/g, (_, name: string) => `${params[name] ?? ""}`).trim();
}
