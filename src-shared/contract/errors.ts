import { z } from "zod";

/** Every error code of every surface. Append only: a code keeps its meaning for ever. */
export const ERROR_CODES = [
  "bad-frame",
  "bad-command",
  "bad-options",
  "bad-scenario",
  "bad-recording",
  "bad-token",
  "bad-address",
  "forbidden",
  "unknown-method",
  "unknown-mesh",
  "unknown-node",
  "unknown-fault",
  "not-supported",
  "not-running",
  "already-exists",
  "invalid-state",
  "read-only",
  "limit-reached",
  "too-large",
  "version-mismatch",
  "unreachable",
  "disconnected",
  "timeout",
  "peer-protocol",
  "journal-locked",
  "journal-damaged",
  "history-gone",
  "closed",
  "internal",
  "unknown-message",
  "unknown-run",
  "unknown-lesson",
  "unknown-proposal",
  "no-leader",
  "busy",
  "not-a-member",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What travels of an error. `message` is one sentence that a person can act on. */
export const errorSchema = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string().max(2_000),
  retryable: z.boolean(),
  details: z.record(z.string().max(64), z.unknown()).optional(),
});
export type ErrorData = z.infer<typeof errorSchema>;

/** An operating error at an edge. Protocol outcomes are values; programmer errors are asserts. */
export class MeshError extends Error {
  override readonly name = "MeshError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryable?: boolean; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details;
  }

  toData(): ErrorData {
    const base = { code: this.code, message: this.message, retryable: this.retryable };
    return this.details === undefined ? base : { ...base, details: this.details };
  }

  static from(data: ErrorData): MeshError {
    const { code, message, retryable, details } = data;
    return new MeshError(
      code,
      message,
      details === undefined ? { retryable } : { retryable, details },
    );
  }
}
