import type { MemberPlace } from "../../archive/archive.ts";
import { DataError, LimitError, RecordingError } from "../../errors.ts";
import type { Relay, WarningKind } from "../../stream/relayed_warning.ts";

/** Something that a source skipped, or that a user should know. */
export interface SourceWarning {
  /** Kind of the warning. */
  readonly kind: WarningKind;
  /** Event and its reason. */
  readonly message: string;
  /** Path or address of the archive. */
  readonly archive: string;
  /** Path of the member inside the archive; the session of `mixed-signals`. */
  readonly member: string;
  /** Number of warnings of this kind in the subscription, including this one. */
  readonly count: number;
  /** Error behind the warning. */
  readonly cause?: unknown;
}

/** Optional parts of a warning. */
export interface WarnOptions {
  /**
   * Which of several things in the member.
   *
   * @default the member
   */
  readonly item?: string;
  /** Error behind the warning. */
  readonly cause?: unknown;
}

/** Warnings of a source, on their way to whatever counts them. */
export class SourceWarnings {
  /** Takes each warning: a {@linkcode countedOnce}, or another thread's. */
  readonly relay: Relay;

  constructor(relay: Relay) {
    this.relay = relay;
  }

  /** Reports one thing that a source skipped. */
  warn(
    kind: WarningKind,
    place: MemberPlace,
    message: string,
    options: WarnOptions = {},
  ): void {
    this.relay({ kind, place, message, ...options });
  }
}

/**
 * Counts warnings by kind and hands each to a listener once, however often a
 * member is read and in however many threads.
 */
export function countedOnce(
  listener: (warning: SourceWarning) => void = () => {},
): Relay {
  const seen = new Map<WarningKind, Set<string>>();
  return ({ kind, place, message, item = "", cause }) => {
    const { archive, member } = place;
    const names = seen.get(kind) ?? new Set<string>();
    seen.set(kind, names);
    const name = JSON.stringify([archive, member, item]);
    if (names.has(name)) return;
    names.add(name);
    listener({ kind, message, archive, member, count: names.size, cause });
  };
}

/**
 * Decodes a member; null, with a warning, if it is not as its format demands.
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
