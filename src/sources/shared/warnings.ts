import type { MemberPlace } from "../../archive/archive.ts";
import type { Limits } from "../../base/limits.ts";
import { DataError, LimitError, RecordingError } from "../../errors.ts";

/** Something that a source passed over, or that a user should know of. */
export interface SourceWarning {
  /**
   * - `undecodable`: a file is not what its format demands.
   * - `unknown-stimulus`: a trial or epoch names a stimulus that the release
   *   does not hold.
   * - `duplicate-stimulus`: two stimulus files have the same description, the
   *   first is used.
   * - `unknown-segment`: a trigger names a row that its recording's table of
   *   segments does not have; the trigger is passed over.
   * - `missing-segment`: a segment file is not in the release; the stimulus is
   *   passed over.
   * - `unlike-recordings`: a file of a session names another site or recording
   *   type than the session's first; the first counts, nothing is passed over.
   * - `mixed-signals`: the stream holds membrane potentials and spike rates, of
   *   unlike units; nothing is passed over.
   * - `duplicate-recording`: a recording is dropped, another has its session.
   * - `empty-recording`: a recording lists no cells; it is passed over.
   * - `mixed-sessions`: a recording lists cells of several sessions; the first
   *   cell's session counts, nothing is passed over.
   * - `missing-cell`: the recording of a cell does not list it; the cell has no
   *   responses.
   * - `unusual-length`: a stimulus has another number of bins than the data set's
   *   own; nothing is passed over.
   */
  readonly kind:
    | "undecodable"
    | "unknown-stimulus"
    | "duplicate-stimulus"
    | "unknown-segment"
    | "missing-segment"
    | "unlike-recordings"
    | "mixed-signals"
    | "duplicate-recording"
    | "empty-recording"
    | "mixed-sessions"
    | "missing-cell"
    | "unusual-length";
  /** What was passed over, and why. */
  readonly message: string;
  /** Path or address of the archive. */
  readonly archive: string;
  /** Path of the member inside the archive; of `mixed-signals` the session. */
  readonly member: string;
  /** How many warnings of this kind the subscription has had, this one included. */
  readonly count: number;
  /** What was caught. */
  readonly cause?: unknown;
}

/** Options of every source. */
export interface SourceOptions {
  /**
   * Memory for loaded sessions in bytes; the one in use is always kept.
   *
   * @default {134_217_728}
   */
  readonly maxCacheBytes?: number;
  /**
   * The most that files may claim before they are refused; what is left out is
   * as by default.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Partial<Limits>;
  /** Called once for everything that is passed over or worth knowing. */
  readonly onWarning?: (warning: SourceWarning) => void;
}

/** What a warning may tell beside its message. */
export interface WarnOptions {
  /**
   * What was passed over, where a member holds several such things.
   *
   * @default the member
   */
  readonly item?: string;
  readonly cause?: unknown;
}

/** Counts warnings and hands each on once, however often a member is read. */
export class SourceWarnings {
  readonly #listener: (warning: SourceWarning) => void;
  readonly #seen = new Map<string, Set<string>>();

  constructor(listener: (warning: SourceWarning) => void = () => {}) {
    this.#listener = listener;
  }

  /** Tells of one thing that was passed over. */
  warn(
    kind: SourceWarning["kind"],
    { archive, member }: MemberPlace,
    message: string,
    { item = "", cause }: WarnOptions = {},
  ): void {
    const seen = this.#seen.get(kind) ?? new Set<string>();
    this.#seen.set(kind, seen);
    const name = JSON.stringify([archive, member, item]);
    if (seen.has(name)) return;
    seen.add(name);
    const count = seen.size;
    this.#listener({ kind, message, archive, member, count, cause });
  }
}

/** Warnings that another thread counts: plain values, and last the cause. */
export class RelayedWarnings extends SourceWarnings {
  readonly #relay: (...warning: unknown[]) => void;

  constructor(relay: (...warning: unknown[]) => void) {
    super();
    this.#relay = relay;
  }

  override warn(
    kind: SourceWarning["kind"],
    { archive, member }: MemberPlace,
    message: string,
    { item, cause }: WarnOptions = {},
  ): void {
    this.#relay(kind, { archive, member }, message, item, cause);
  }
}

/** Takes what {@linkcode RelayedWarnings} has relayed. */
export function warnedBy(
  warnings: SourceWarnings,
): (...warning: unknown[]) => void {
  return (kind, place, message, item, cause) =>
    warnings.warn(
      kind as SourceWarning["kind"],
      place as MemberPlace,
      String(message),
      { item: item as string | undefined, cause },
    );
}

/**
 * What a member decodes to; null, with a warning, where it is not what its
 * format demands.
 *
 * @throws {RecordingError} If it decodes to a recording that cannot be.
 * @throws {LimitError} If it claims more than the caller's limits allow.
 */
export function unlessUndecodable<Value>(
  warnings: SourceWarnings,
  place: MemberPlace,
  decode: () => Value,
): Value | null {
  try {
    return decode();
  } catch (cause) {
    if (
      !(cause instanceof DataError) || cause instanceof RecordingError ||
      cause instanceof LimitError
    ) throw cause;
    warnings.warn("undecodable", place, cause.message, { cause });
    return null;
  }
}
