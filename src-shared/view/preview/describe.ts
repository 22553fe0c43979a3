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
  "voters-kept":
    "Will stop {stopped} of {of} voters; the quorum of {needed} stays: {live} of {of}. {canLose} more may go.",
  "voters-tight":
    "Will stop {stopped} of {of} voters; the quorum of {needed} just stays: {live} of {of}. No more may go.",
  "voters-lost":
    "Will stop {stopped} of {of} voters; {live} stay, and without {needed} nothing can be agreed.",
  "voters-regained": "{live} of {of} voters, enough to agree again ({needed} needed).",
  "loses-leader": "{node} leads now; the others have to choose another leader first.",
  "leader-cut-off": "{node} leads now and is on a side that cannot agree.",
  "side-agrees": "Goes on agreeing ({count} of {of} voters, {needed} needed): {nodes}.",
  "side-stalls": "Can agree on nothing ({count} of {of} voters, {needed} needed): {nodes}.",
  "side-votes-not": "A side without voters agrees on nothing.",
  "no-side-agrees": "No side has {needed} of {of} voters: nothing can be agreed.",
  "no-leader": "Nobody leads now.",
  "steps-down": "{leader} gives up leadership; term {next} begins with an election.",
  "hands-over": "{leader} hands over to {to}, who stands in term {next}.",
  "changes-view": "{leader} is replaced by the next primary, {to}, in view {next}.",
  "voters-join": "Votes from now on: {nodes}.",
  "voters-leave": "Votes no more: {nodes}.",
  "new-quorum": "The new quorum is {needed} of {of} voters; {live} are live, {canLose} may go.",
  "new-quorum-lost": "The new quorum is {needed} of {of} voters, but only {live} are live.",
  "turns-traitor": "{node} no longer keeps to the protocol.",
  "honest-again": "{node} keeps to the protocol again.",
  "safety-held": "{count} traitors of {of} voters: no more than the {tolerates} that safety bears.",
  "safety-lost":
    "{count} traitors of {of} voters: more than f = {tolerates}, safety no longer guaranteed.",
  "voter-forgets":
    "{nodes} forgets its votes and what it acknowledged: what was agreed may get lost.",
  "damages-disk": "Records on the disk of {node} are damaged.",
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
