import type { Session } from "../session.ts";

/** Reads sessions ahead of the reader. */
export interface ReadAheadHost {
  /** Reads that it can do at the same time. */
  readonly concurrency: number;
  /** Starts to read ahead for one reader. */
  begin(options: ReadAheadOptions): ReadAheadLease;
}

/** How far to read ahead. */
export interface ReadAheadOptions {
  /** Reads at the same time. */
  readonly concurrency: number;
  /**
   * Presentations that may wait for the reader, beside the limit in bytes.
   *
   * @default {Infinity}
   */
  readonly waiting?: number;
}

/** Reading ahead for one reader, until it ends. */
export interface ReadAheadLease {
  /** Announces that a session will be read, after those announced before. */
  announce(session: Session): void;
  /** Aborts the reads under way and drops what was read and not used. */
  end(): void;
}
