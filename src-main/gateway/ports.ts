/** What the gateway needs of the host behind it; the composition root brings the implementations. */
import type { MeshId } from "#shared/contract/description.ts";
import type { Lesson, SavedRun } from "#shared/contract/inspection.ts";
import type { AuditEntry, MeshListing, OpenMesh } from "#shared/contract/protocol.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";

export interface ForkPoint {
  /** The last event that both meshes have in common. */
  readonly seq: number;
  readonly name: string | undefined;
}

export interface MeshDirectory {
  list(): readonly MeshListing[];
  /** Throws `MeshError` "unknown-mesh". */
  get(id: MeshId): MeshSource;
  open(how: OpenMesh): Promise<readonly MeshId[]>;
  /** Throws `MeshError` "not-supported", "history-gone", "bad-recording", "busy". */
  fork(id: MeshId, at: ForkPoint): Promise<MeshId>;
  close(id: MeshId): Promise<void>;
  /** Told whenever a mesh opens, closes or changes its status. */
  watch(listener: () => void): () => void;
}

export type AuditIntent = Omit<AuditEntry, "id" | "outcome" | "error">;
export type AuditVerdict = Pick<AuditEntry, "outcome" | "error">;

export interface AuditLog {
  beginAudit(intent: AuditIntent): number;
  completeAudit(ticket: number, verdict: AuditVerdict): AuditEntry;
  listAudit(page: {
    readonly beforeId?: number | undefined;
    readonly limit: number;
  }): readonly AuditEntry[];
}

export interface SettingsStore {
  getSetting(key: string): unknown;
  setSetting(key: string, value: unknown): void;
}

/** Runs that were saved on this host. Throws `MeshError` "unknown-run", "bad-recording". */
export interface RunShelf {
  list(): Promise<readonly SavedRun[]>;
  /** `text`: a recording. Throws `MeshError` "limit-reached", "too-large". */
  save(name: string, text: string): Promise<SavedRun>;
  read(id: string): Promise<string>;
  delete(id: string): Promise<void>;
}

export interface GatewayPorts {
  readonly meshes: MeshDirectory;
  readonly runs: RunShelf;
  readonly lessons: { list(): readonly Lesson[] };
  readonly audit: AuditLog;
  readonly settings: SettingsStore;
  /** Milliseconds since the Unix epoch. */
  readonly wallMs: () => number;
  /** Told of what no client can be told: programming errors behind an "internal" reply. */
  readonly onInternalError: (error: unknown) => void;
}
