import type { Session } from "../session.ts";
import {
  lineageOf,
  linksOf,
  type ReadAheadHost,
  type ReadAheadLease,
  type ReadAheadOptions,
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
  readonly #leases = new Map<ReadAheadHost, ReadAheadLease>();
  readonly #options: Partial<ReadAheadOptions>;

  constructor(options: Partial<ReadAheadOptions>) {
    this.#options = options;
  }

  /** Announces that a session will be read, in the order of the calls. */
  announce(session: Session): void {
    const found = hostOf(session);
    if (found === undefined) return;
    const { host, known } = found;
    const { concurrency = host.concurrency, waiting } = this.#options;
    const lease = this.#leases.get(host) ?? host.begin({
      concurrency,
      ...(waiting !== undefined && { waiting }),
    });
    this.#leases.set(host, lease);
    lease.announce(known);
  }

  /** Ends all reading ahead. */
  end(): void {
    for (const lease of this.#leases.values()) lease.end();
    this.#leases.clear();
  }
}
