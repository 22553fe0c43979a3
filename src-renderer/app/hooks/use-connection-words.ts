import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeshListing } from "#shared/contract/protocol.ts";
import { activeListing, type HostLink } from "../../state/console.ts";
import { formatDuration } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/status-dot.tsx";
import { useMeshStatus, useMeshStore } from "./use-mesh.ts";
import { useConsole } from "./use-stores.ts";

const TICK_MS = 100;
/** Data younger than this is simply live. */
const FRESH_MS = 3_000;

export interface ConnectionWords {
  /** For example "Reconnecting in 3.2 s". */
  readonly words: string;
  readonly status: StatusKind;
  /** How old the shown data is, when that is worth saying. */
  readonly age: string | undefined;
  /** Nothing new is coming in: what is shown may be out of date. */
  readonly stale: boolean;
}

export function useNow(intervalMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return now;
}

/** The truth about the data on the screen: first the host's connection, then the mesh's own. */
export function useConnectionWords(): ConnectionWords {
  const { t } = useTranslation("app");
  const link = useConsole((state) => state.link);
  const heard = useConsole((state) => state.lastHeardMs);
  const listing = useConsole(activeListing);
  const status = useMeshStatus();
  const mesh = useMeshStore();
  const steady = link.state === "live" && status?.connection.state !== "reconnecting";
  const now = useNow(steady ? 1_000 : TICK_MS);
  const connection = status?.connection ?? listing?.status.connection;
  const isRecording = listing?.description.kind === "recording";
  const told = isRecording && link.state === "live" ? RECORDING : phrase(link, connection, now);
  // The status says how far off the next attempt was when it was sent.
  const passedMs = link.state === "live" ? (mesh?.statusAgeMs() ?? 0) : 0;
  const last = link.state === "live" ? status?.lastHeardMs : heard;
  const ageMs = last === undefined ? undefined : now - last;
  const old = ageMs !== undefined && (told.stale || (told.key === "live" && ageMs > FRESH_MS));
  const paused = status?.playing === false;
  return {
    words: t(`connection.${told.key === "live" && paused ? "paused" : told.key}`, {
      seconds: (Math.max(0, (told.inMs ?? 0) - passedMs) / 1_000).toFixed(1),
    }),
    status: told.status,
    age:
      old && !paused
        ? t("connection.age", { age: formatDuration(Math.floor(ageMs / 1_000) * 1_000_000) })
        : undefined,
    stale: told.stale,
  };
}

interface Phrase {
  readonly key: string;
  readonly status: StatusKind;
  readonly stale: boolean;
  readonly inMs?: number;
}

/** A recording has ended by nature: it is complete, not out of date. */
const RECORDING: Phrase = { key: "recording", status: "off", stale: false };

type MeshConnection = MeshListing["status"]["connection"];

function phrase(link: HostLink, mesh: MeshConnection | undefined, now: number): Phrase {
  switch (link.state) {
    case "connecting":
      return { key: "connectingHost", status: "unknown", stale: false };
    case "reconnecting":
      return {
        key: "reconnectingHost",
        status: "suspect",
        stale: true,
        inMs: link.retryAtMs - now,
      };
    case "token-needed":
      return { key: "tokenNeeded", status: "failed", stale: true };
    case "stopped":
      return { key: "stoppedHost", status: "failed", stale: true };
    case "live":
      return mesh === undefined
        ? { key: "noMesh", status: "healthy", stale: false }
        : meshPhrase(mesh);
  }
}

function meshPhrase(connection: MeshConnection): Phrase {
  switch (connection.state) {
    case "connecting":
      return { key: "connecting", status: "unknown", stale: false };
    case "live":
      return { key: "live", status: "healthy", stale: false };
    case "reconnecting":
      return { key: "reconnecting", status: "suspect", stale: true, inMs: connection.retryInMs };
    case "stopped":
      return { key: "stopped", status: "failed", stale: true };
  }
}

/** Whether nothing new comes in, without the ticking of the words. */
export function useConnectionStale(): boolean {
  const link = useConsole((state) => state.link.state);
  const mesh = useMeshStatus()?.connection.state;
  const isRecording = useConsole(activeListing)?.description.kind === "recording";
  if (link !== "live" && link !== "connecting") return true;
  return !isRecording && (mesh === "reconnecting" || mesh === "stopped");
}
