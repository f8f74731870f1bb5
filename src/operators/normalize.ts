import {
  defer,
  map,
  mergeMap,
  type MonoTypeOperatorFunction,
  toArray,
} from "rxjs";
import { withStep } from "../stream/lineage.ts";
import type {
  Presentation,
  ReadOptions,
  Session,
  Stimulus,
} from "../session.ts";
import { mapPresentations } from "./_session_operator.ts";
import {
  checkRanges,
  type NormalizeRanges,
  scannedRanges,
} from "./_normalize_ranges.ts";
import { scaledResponse, scaledStimulus } from "./_range_scaling.ts";
import { SharedLoad } from "../base/shared_load.ts";
export type {
  BandAndNeuronRanges,
  GlobalRanges,
  NormalizeRanges,
} from "./_normalize_ranges.ts";
export type { ValueRange } from "../kernels/ranges.ts";

/** How {@linkcode normalize} maps values to 0 to 1. */
export type NormalizeMethod = "none" | "global" | "bandAndNeuron";

/** Options for {@linkcode normalize}. */
export interface NormalizeOptions {
  /**
   * `none`: nothing changes; `global`: one range for all stimuli, one for all
   * responses; `bandAndNeuron`: stimuli become `log(10 x + 1)`, then each band
   * has a range, and each cell, and results below 1e-6 become 0.
   *
   * @default {"bandAndNeuron"}
   */
  readonly method?: NormalizeMethod;
  /**
   * Ranges to map to 0 to 1, such as those of another stream; they must be of
   * the same method.
   *
   * @default those of this stream, found by a first pass
   */
  readonly ranges?: NormalizeRanges;
  /**
   * Called with the ranges before the first value is mapped, and with where they
   * are from: `given`, or a `first-pass`.
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
 *   nothing, but a band of one value only becomes 0.
 * - With `ranges` it holds nothing back: what is outside a range falls outside 0
 *   to 1.
 * - Without, the first read makes a pass over the whole stream as it arrives
 *   here, one presentation at a time, before it answers: everything is then read
 *   twice, no more is in memory than before, and the result is exact. Sessions
 *   wait until the last one is announced. A part of a session, such as a subset
 *   of {@linkcode wingert2026}, is mapped by the range of the whole.
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
 *     normalize({ method: "global", ranges: found }),
 *   );
 * ```
 *
 * @throws {TypeError} When called, if `method` is none of the three, or `ranges`
 * are no such ranges.
 * @throws {RangeError} When called, if `ranges` are of another method, or one is
 * not finite; in the stream, if they lack a band or a cell.
 * @throws {RecordingError} In the stream, if a stimulus is a waveform, or has a
 * value of which there is no logarithm.
 */
export function normalize(
  options: NormalizeOptions = {},
): MonoTypeOperatorFunction<Session> {
  const { method = "bandAndNeuron", ranges, onRanges } = options;
  checkMethod(method);
  if (method === "none") return (sessions) => sessions;
  if (ranges !== undefined) {
    checkRanges(method, ranges);
    return (sessions) =>
      defer(() => {
        onRanges?.(ranges, "given");
        const given = (): Promise<NormalizeRanges> => Promise.resolve(ranges);
        const args = [{ method, ranges }];
        const call = { module: import.meta.url, name: "normalize", args };
        const apply = (session: Session): Session => normalized(session, given);
        return sessions.pipe(
          map((session) =>
            withStep(apply(session), session, {
              name: "normalize",
              call,
              apply,
            })
          ),
        );
      });
  }
  return (sessions) =>
    sessions.pipe(
      toArray(),
      mergeMap((all) => {
        const pass = new SharedLoad(async (signal) => {
          const found = await scannedRanges(all, method, { signal });
          onRanges?.(found, "first-pass");
          return found;
        });
        const step = {
          name: "normalize",
          hasMemory: true,
          obstacle: "parallel() before normalize()",
          apply: (session: Session): Session =>
            normalized(session, (options) => pass.get(options?.signal)),
        };
        return all.map((session) =>
          withStep(step.apply(session), session, step)
        );
      }),
    );
}

/** Ranges, once they are known. */
type RangesSource = (options: ReadOptions) => Promise<NormalizeRanges>;

function normalized(session: Session, ranges: RangesSource): Session {
  return mapPresentations(session, (presentation): Presentation => ({
    stimulus: withRanges(presentation.stimulus, ranges),
    dtMs: presentation.dtMs,
    read: async (options = {}) => {
      const found = await ranges(options);
      const { responses, tally } = await presentation.read(options);
      return {
        responses: responses.map((response, position) =>
          response && scaledResponse(response, session, position, found)
        ),
        tally,
      };
    },
  }));
}

function withRanges(stimulus: Stimulus, ranges: RangesSource): Stimulus {
  return {
    key: stimulus.key,
    meta: stimulus.meta,
    durationMs: stimulus.durationMs,
    read: async (options = {}) => {
      const found = await ranges(options);
      return scaledStimulus(await stimulus.read(options), stimulus, found);
    },
  };
}

function checkMethod(method: unknown): void {
  if (["none", "global", "bandAndNeuron"].includes(String(method))) return;
  throw new TypeError(
    `Cannot normalize: method is ${String(method)}, expected none, global or ` +
      "bandAndNeuron",
  );
}
