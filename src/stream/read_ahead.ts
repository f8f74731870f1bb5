import type { Session } from "../session.ts";
import {
  lineageOf,
  linksOf,
  type ReadAheadHost,
  type ReadAheadLease,
  type ReadAheadOptions,
  type ReadAheadStart,
} from "./lineage.ts";

/**
 * The host that reads a session ahead, and the session as the host knows it.
 * Parts of a session have none: hosts read the whole of it.
 */
export function hostOf(
  session: Session,
): { host: ReadAheadHost; known: Session } | undefined {
  if (lineageOf(session).partOf) return undefined;
  const before = linksOf(session).map(({ previous }) => previous);
  for (const known of [...before, session]) {
    const { host } = lineageOf(known);
    if (host) return { host, known };
  }
  return undefined;
}

/** Announces sessions to the hosts that can read them ahead. */
export class ReadAhead {
  readonly #leases = new Map<ReadAheadStart, ReadAheadLease>();
  readonly #options: ReadAheadOptions;

  constructor(options: ReadAheadOptions) {
    this.#options = options;
  }

  /**
   * Announces that a session will be read, in the order of the calls.
   *
   * @param isKept Whether a pass before it may keep what it reads.
   */
  announce(session: Session, isKept: boolean = true): void {
    const found = startOf(session);
    if (found === undefined) return;
    const { start, known } = found;
    const lease = this.#leases.get(start) ?? start.begin(this.#options);
    this.#leases.set(start, lease);
    const isFinal = known.presentations === session.presentations;
    lease.announce(known, isKept && isFinal);
  }

  /** Ends all reading ahead. */
  end(): void {
    for (const lease of this.#leases.values()) lease.end();
    this.#leases.clear();
  }
}

/** The last pass before a session, or its host; and the session as it knows it. */
function startOf(
  session: Session,
): { start: ReadAheadStart; known: Session } | undefined {
  const { pass, partOf } = lineageOf(session);
  if (pass) return { start: pass, known: session };
  if (partOf) return undefined;
  for (const { previous } of linksOf(session).toReversed()) {
    const { pass } = lineageOf(previous);
    if (pass) return { start: pass, known: previous };
  }
  const found = hostOf(session);
  return found && { start: found.host, known: found.known };
}
