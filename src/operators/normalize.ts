import {
  defer,
  from,
  mergeMap,
  type MonoTypeOperatorFunction,
  toArray,
} from "rxjs";
import { RecordingError } from "../errors.ts";
import { withLineage } from "../stream/lineage.ts";
import { listedOf } from "../stream/listed_session.ts";
import type { Session } from "../session.ts";
import { checkRange } from "../base/check.ts";
import { contentSum } from "../base/content_sum.ts";
import {
  type LogOffset,
  PUBLISHED_OFFSET,
} from "../kernels/ranges/log_offset.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import {
  mapPresentation,
  sessionOperator,
  withPresentations,
} from "./_session_operator.ts";
import { FirstPass } from "./ranges/first_pass.ts";
import {
  checkRanges,
  type NormalizeRanges,
} from "./ranges/normalize_ranges.ts";
import { scaledResponse, scaledStimulus } from "./ranges/range_scaling.ts";

export type {
  BandAndNeuronRanges,
  GlobalRanges,
  NormalizeRanges,
} from "./ranges/normalize_ranges.ts";
export type { LogOffset } from "../kernels/ranges/log_offset.ts";
export type { ValueRange } from "../kernels/ranges/ranges.ts";

/** How {@linkcode normalize} maps values to 0 to 1. */
export type NormalizeMethod = "none" | "global" | "bandAndNeuron";

/** Names of {@linkcode NormalizeOptions}. */
const NORMALIZE_OPTIONS = [
  ...["method", "logOffset", "ranges", "onRanges"] as const,
];

/** Options for {@linkcode normalize}. */
export interface NormalizeOptions {
  /**
   * `none`: nothing changes; `global`: one range for all stimuli, one for all
   * responses; `bandAndNeuron`: stimuli become `log((x + d) / d)`, then each band
   * has a range, and each cell, and results below 1e-6 become 0.
   *
   * @default {"bandAndNeuron"}
   */
  readonly method?: NormalizeMethod;
  /**
   * Logarithm of `bandAndNeuron`: `d` is 10 to this power, so that -1 gives
   * `log(10 x + 1)`; -1000 to 1000, beyond 2 and below -2 softened to a fiftieth
   * of the excess, as NEMS does. `off` leaves the logarithm out.
   *
   * @default {-1}
   */
  readonly logOffset?: LogOffset;
  /**
   * Ranges that are mapped to 0 to 1, such as those of another stream; their
   * method and logarithm must be the same.
   *
   * @default ranges of this stream, found by a first pass
   */
  readonly ranges?: NormalizeRanges;
  /**
   * Receives the ranges before the first value is mapped, and their origin:
   * `given`, or a `first-pass`.
   */
  readonly onRanges?: (
    ranges: NormalizeRanges,
    origin: "given" | "first-pass",
  ) => void;
}

/**
 * Maps stimuli and responses to 0 to 1.
 *
 * - In: stimuli `(1, F, T)`, repeats `[T]`. Out: new arrays of the same shapes,
 *   float32, `f32(f32(x - min) / f32(max - min))`; a range of no width changes
 *   nothing, but a band with a single value becomes 0. Waveforms stay as they are.
 * - With `ranges` sessions pass at once; values outside a range fall outside 0 to
 *   1.
 * - Without `ranges` the first read passes over the whole stream, one
 *   presentation at a time, before it returns; the result is exact. Sessions wait
 *   until the last one has arrived. A part of a session, such as a subset of
 *   {@linkcode wingert2026}, is mapped by the range of the whole session.
 * - Right before {@linkcode toDataset}, whose result is in memory anyway, or a sink
 *   that writes a file or folder, that pass keeps what it reads: nothing is read
 *   twice. Before another sink, such as a stream, or another operator, everything is
 *   read twice.
 * - A file keeps it in `<path>.part.reads` until the stream ends, float32 that takes
 *   about as much space as the file; in memory are one presentation and, of each
 *   other one, its handle and place. A run with `resume: true` makes its pass anew.
 * - A stimulus counts once, by its key.
 * - Reference: NumPy; for `bandAndNeuron` the public loader of the Wingert et al.
 *   2026 recordings.
 *
 * @example Ranges found in one part of the data, used for another
 * ```ts
 * import { normalize, type NormalizeRanges, wingert2026 } from "rxephys";
 *
 * let found: NormalizeRanges | undefined;
 * const a1 = wingert2026("data", { area: "A1" }).pipe(
 *   normalize({ method: "global", onRanges: (ranges) => found = ranges }),
 * );
 * const peg = () =>
 *   wingert2026("data", { area: "PEG" }).pipe(
 *     normalize({ method: "global", ...(found && { ranges: found }) }),
 *   );
 * ```
 *
 * @throws {TypeError} When called, if `method` is none of the three, `logOffset`
 * is neither a number nor `off`, or `ranges` are not ranges.
 * @throws {RangeError} When called, if an option does not exist, `ranges` have
 * another method or logarithm, or one is not finite; in the stream, if they lack
 * a band or a cell.
 * @throws {RecordingError} In the stream, if a stimulus has a value without a
 * logarithm, or, without `ranges`, if `shard()` or `keepSessions()` has left out
 * sessions before.
 */
export function normalize(
  options: NormalizeOptions = {},
): MonoTypeOperatorFunction<Session> {
  checkOperatorOptions("normalize", "normalize", options, NORMALIZE_OPTIONS);
  const { method = "bandAndNeuron", ranges, onRanges } = options;
  const { logOffset = PUBLISHED_OFFSET } = options;
  checkMethod(method);
  if (logOffset !== "off") {
    checkRange("normalize", "logOffset", logOffset, -1000, 1000);
  }
  if (method === "none") return (sessions) => sessions;
  const own = logOffset !== PUBLISHED_OFFSET && { logOffset };
  if (ranges !== undefined) {
    checkRanges(method, logOffset, ranges);
    return (sessions) =>
      defer(() => {
        onRanges?.(ranges, "given");
        const args = [{ method, ranges, ...own }];
        return sessions.pipe(sessionOperator(
          { name: "normalize", module: import.meta.url, args },
          (session) => normalized(session, givenReads(ranges)),
        ));
      });
  }
  return (sessions) =>
    sessions.pipe(
      toArray(),
      mergeMap((all) => {
        checkWhole(all);
        const pass = new FirstPass(
          all,
          { method, logOffset },
          (found) => onRanges?.(found, "first-pass"),
        );
        const making = {
          name: "normalize",
          args: [{ method, ...own, measured: measuredBy(all) }],
          hasMemory: true,
          obstacle: "parallel() before normalize()",
        };
        return from(all).pipe(sessionOperator(making, (session) => {
          const made = withLineage(normalized(session, pass), { pass });
          pass.adopt(made, session);
          return made;
        }));
      }),
    );
}

/** Ranges and the reads that they apply to. */
type RangedReads = Pick<
  FirstPass,
  "presentations" | "ranges" | "stimulus" | "trials"
>;

function givenReads(ranges: NormalizeRanges): RangedReads {
  return {
    ranges: () => Promise.resolve(ranges),
    presentations: (session, options) => session.presentations(options),
    stimulus: async (_session, stimulus, options) => ({
      read: await stimulus.read(options),
      isKept: false,
    }),
    trials: async (_session, _place, presentation, options) => ({
      read: await presentation.read(options),
      isKept: false,
    }),
  };
}

function normalized(session: Session, reads: RangedReads): Session {
  return withPresentations(
    session,
    (presentations, before) =>
      presentations.map((presentation, place) => {
        const { stimulus } = presentation;
        return mapPresentation("normalize", presentation, {
          readStimulus: async (options = {}) => {
            const ranges = await reads.ranges(options);
            const passed = await reads.stimulus(before, stimulus, options);
            return scaledStimulus(passed, stimulus, ranges);
          },
          read: async (options = {}) => {
            const ranges = await reads.ranges(options);
            const at = [before, place, presentation] as const;
            const { read, isKept } = await reads.trials(...at, options);
            return {
              responses: read.responses.map((read, position) =>
                read &&
                scaledResponse({ read, isKept }, session, position, ranges)
              ),
              tally: read.tally,
            };
          },
        });
      }),
    (session, options) => reads.presentations(session, options),
  );
}

/** The sessions whose ranges are found: with others, all values are others. */
function measuredBy(sessions: readonly Session[]): Record<string, unknown> {
  const ids = contentSum(sessions.map(({ id }) => id));
  return { sessions: sessions.length, ids };
}

/** Refuses a share of a stream: its ranges are not those of the stream. */
function checkWhole(sessions: readonly Session[]): void {
  for (const session of sessions) {
    const { listing = [] } = listedOf(session) ?? {};
    if (listing.length <= sessions.length) continue;
    throw new RecordingError(
      `Cannot normalize: ${sessions.length} of the ${listing.length} sessions ` +
        "are there, expected all of them, with shard() and keepSessions() " +
        "after normalize(), or ranges",
    );
  }
}

function checkMethod(method: unknown): void {
  if (["none", "global", "bandAndNeuron"].includes(String(method))) return;
  throw new TypeError(
    `Cannot normalize: method is ${String(method)}, expected none, global or ` +
      "bandAndNeuron",
  );
}
