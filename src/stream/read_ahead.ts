import { linksOf } from "./lineage.ts";
import type { Session } from "../session.ts";

/** Who can read sessions ahead of the reader. */
export interface ReadAheadHost {
  /** Reads that it can do at the same time. */
  readonly concurrency: number;
  /** Starts to read for somebody. */
  begin(options: ReadAheadOptions): ReadAheadLease;
}

/** How far to read ahead. */
export interface ReadAheadOptions {
  /** Reads at the same time. */
  readonly concurrency: number;
  /**
   * Presentations that may wait to be asked for, beside the limit in bytes.
   *
   * @default {Infinity}
   */
  readonly waiting?: number;
}

/** One reader's stay. */
export interface ReadAheadLease {
  /** Tells that the session will be read, after those announced before. */
  announce(session: Session): void;
  /** Ends what was begun; what waits is let go. */
  end(): void;
}

const hosts = new WeakMap<Session, ReadAheadHost>();

/** The same session, known to be read ahead by a host. */
export function withHost(session: Session, host: ReadAheadHost): Session {
  hosts.set(session, host);
  return session;
}

/**
 * Who reads a session ahead, and the session as that one knows it; nobody does
 * for a part of a session, as hosts read the whole of it.
 */
export function hostOf(
  session: Session,
): { host: ReadAheadHost; known: Session } | undefined {
  if (session.partOf) return undefined;
  const before = linksOf(session).map(({ previous }) => previous);
  for (const known of [...before, session]) {
    const host = hosts.get(known);
    if (host) return { host, known };
  }
  return undefined;
}

/** Announces sessions to whoever can read them ahead. */
export class ReadAhead {
  readonly #leases = new Map<ReadAheadHost, ReadAheadLease>();
  readonly #options: Partial<ReadAheadOptions>;

  constructor(options: Partial<ReadAheadOptions>) {
    this.#options = options;
  }

  /** Tells that a session will be read, in the order of the calls. */
  announce(session: Session): void {
    const found = hostOf(session);
    if (found === undefined) return;
    const { host, known } = found;
    const { concurrency = host.concurrency, waiting } = this.#options;
    const lease = this.#leases.get(host) ??
      host.begin({ concurrency, waiting });
    this.#leases.set(host, lease);
    lease.announce(known);
  }

  /** Ends all reading ahead. */
  end(): void {
    for (const lease of this.#leases.values()) lease.end();
    this.#leases.clear();
  }
}
