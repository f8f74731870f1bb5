/** Something that a source passed over. */
export interface SourceWarning {
  /**
   * `undecodable`: a file is not what its format demands; `unknown-stimulus`: a
   * trial names a stimulus that the release does not hold; `duplicate-stimulus`:
   * two stimulus files have the same description, the first is used.
   */
  readonly kind: "undecodable" | "unknown-stimulus" | "duplicate-stimulus";
  /** What was passed over, and why. */
  readonly message: string;
  /** Path or address of the archive. */
  readonly archive: string;
  /** Path of the member inside the archive. */
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
  /** Called once for everything that is passed over. */
  readonly onWarning?: (warning: SourceWarning) => void;
}

/** Counts warnings and hands each on once, however often a member is read. */
export class SourceWarnings {
  readonly #archive: string;
  readonly #listener: (warning: SourceWarning) => void;
  readonly #seen = new Map<string, Set<string>>();

  constructor(
    archive: string,
    listener: (warning: SourceWarning) => void = () => {},
  ) {
    this.#archive = archive;
    this.#listener = listener;
  }

  /** Tells of one member that was passed over. */
  warn(
    kind: SourceWarning["kind"],
    member: string,
    message: string,
    cause?: unknown,
  ): void {
    const members = this.#seen.get(kind) ?? new Set<string>();
    this.#seen.set(kind, members);
    if (members.has(member)) return;
    members.add(member);
    const archive = this.#archive;
    const count = members.size;
    this.#listener({ kind, message, archive, member, count, cause });
  }
}
