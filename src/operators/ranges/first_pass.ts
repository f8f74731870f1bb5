import { SharedLoad } from "../../base/shared_load.ts";
import type {
  Presentation,
  ReadOptions,
  Session,
  Stimulus,
  Trials,
  Waveform,
} from "../../session.ts";
import {
  lineageOf,
  type ReadAheadLease,
  type ReadAheadOptions,
  type ReadAheadStart,
} from "../../stream/lineage.ts";
import { ReadAhead } from "../../stream/read_ahead.ts";
import type { Tensor } from "../../tensor.ts";
import type { LogOffset } from "../../kernels/ranges/log_offset.ts";
import {
  isSpectrogram,
  neuronName,
  type NormalizeRanges,
} from "./normalize_ranges.ts";
import type { Unmapped } from "./range_scaling.ts";
import { KeptSession } from "./_kept_session.ts";
import { type RangeScan, rangeScan } from "./_range_scan.ts";

/** Method whose ranges a pass finds. */
export interface PassMethod {
  readonly method: NormalizeRanges["method"];
  readonly logOffset: LogOffset;
}

/**
 * The pass over a stream that finds its ranges: one presentation at a time, at
 * the first read. It keeps what it reads of the sessions that a sink has announced
 * with a keeper, so that the sink's own reads inflate nothing again.
 */
export class FirstPass implements ReadAheadStart {
  readonly #load: SharedLoad<NormalizeRanges>;
  readonly #done = Promise.withResolvers<void>();
  readonly #kept = new Map<Session, KeptSession>();
  /** Sessions of the pass by those that it is known for. */
  readonly #sessions = new WeakMap<Session["presentations"], Session>();
  #options: ReadAheadOptions = {};

  /**
   * @param sessions All sessions of the stream.
   * @param onRanges Called at the end of a pass.
   */
  constructor(
    sessions: readonly Session[],
    method: PassMethod,
    onRanges: (ranges: NormalizeRanges) => void,
  ) {
    this.#load = new SharedLoad(async (signal) => {
      const ranges = await this.#scanned(sessions, method, signal);
      onRanges(ranges);
      this.#done.resolve();
      return ranges;
    });
  }

  /** The ranges; the first call starts the pass. */
  ranges({ signal }: ReadOptions): Promise<NormalizeRanges> {
    return this.#load.get(signal);
  }

  /** Registers the session that an operator made of one of the pass. */
  adopt(made: Session, session: Session): void {
    this.#sessions.set(made.presentations, session);
  }

  begin(options: ReadAheadOptions): ReadAheadLease {
    const { keeper } = options;
    const ahead = new ReadAhead(options);
    let isOver = false;
    this.#options = options;
    const lease: ReadAheadLease = {
      announce: (made, isFinal) => {
        const session = this.#sessions.get(made.presentations);
        if (session === undefined) return;
        if (keeper && isFinal) {
          const kept = this.#kept.get(session);
          this.#kept.set(session, kept ?? new KeptSession(keeper, lease));
          return;
        }
        // Workers that read ahead now would read for the pass.
        void this.#done.promise.then(() => {
          if (!isOver) ahead.announce(session);
        });
      },
      end: () => {
        isOver = true;
        ahead.end();
        for (const [session, kept] of this.#kept) {
          if (kept.lease === lease) this.#kept.delete(session);
        }
      },
    };
    return lease;
  }

  /** The list that the pass has kept, or the one that is made now. */
  async presentations(
    session: Session,
    options?: ReadOptions,
  ): Promise<readonly Presentation[]> {
    // A source may have to load the session again to list it.
    return this.#kept.get(session)?.listed ??
      await session.presentations(options);
  }

  /** The responses that the pass has kept, or those that are read now. */
  async trials(
    session: Session,
    place: number,
    presentation: Presentation,
    options: ReadOptions,
  ): Promise<Unmapped<Trials>> {
    const kept = await this.#kept.get(session)?.trials(place);
    const read = kept ?? await presentation.read(options);
    return { read, isKept: kept !== undefined };
  }

  /** The stimulus that the pass has kept, or the one that is read now. */
  async stimulus(
    session: Session,
    stimulus: Stimulus,
    options: ReadOptions,
  ): Promise<Unmapped<Waveform | Tensor>> {
    const kept = await this.#kept.get(session)?.stimulus(stimulus.key);
    const read = kept ?? await stimulus.read(options);
    return { read, isKept: kept !== undefined };
  }

  async #scanned(
    sessions: readonly Session[],
    { method, logOffset }: PassMethod,
    signal: AbortSignal,
  ): Promise<NormalizeRanges> {
    for (const kept of this.#kept.values()) kept.clear();
    const scan = rangeScan(method, logOffset);
    const counted = new Set<string>();
    const ahead = new ReadAhead(this.#options);
    try {
      for (const session of sessions) {
        ahead.announce(wholeOf(session), this.#kept.has(session));
      }
      for (const session of sessions) {
        await this.#scan(session, scan, counted, signal);
      }
    } finally {
      ahead.end();
    }
    return scan.ranges();
  }

  /** A part of a session counts for the whole session. */
  async #scan(
    session: Session,
    scan: RangeScan,
    counted: Set<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const whole = wholeOf(session);
    const listed = await whole.presentations({ signal });
    const kept = this.#kept.get(session);
    const own = kept && whole !== session
      ? await session.presentations({ signal })
      : listed;
    const places = kept?.list(own, listed);
    for (const [index, presentation] of listed.entries()) {
      signal.throwIfAborted();
      const { stimulus } = presentation;
      // A key names the same stimulus in every session.
      const read = counted.has(stimulus.key)
        ? null
        : await stimulus.read({ signal });
      const trials = await presentation.read({ signal });
      const place = places?.[index];
      if (place !== undefined) {
        await kept?.keep(place, stimulus.key, read, trials);
      }
      scanResponses(scan, session, trials);
      if (read === null || !isListed(session, trials)) continue;
      if (isSpectrogram(read)) scan.stimulus(read);
      counted.add(stimulus.key);
    }
  }
}

function scanResponses(
  scan: RangeScan,
  session: Session,
  { responses }: Trials,
): void {
  for (const [position, response] of responses.entries()) {
    if (response === null) continue;
    const { repeats, scale } = response;
    scan.response(neuronName(session, position), repeats, scale);
  }
}

/**
 * Whether a stimulus counts, as in a dataset: one that no cell answered only if
 * the session has a table of cells.
 */
function isListed(session: Session, { responses }: Trials): boolean {
  return lineageOf(session).cellNumbers !== undefined ||
    responses.some((response) => response !== null);
}

/** The session with all its presentations. */
function wholeOf(session: Session): Session {
  return lineageOf(session).whole ?? session;
}
