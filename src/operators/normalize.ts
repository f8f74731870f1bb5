import {
  defer,
  from,
  mergeMap,
  type MonoTypeOperatorFunction,
  toArray,
} from "rxjs";
import type { ReadOptions, Session } from "../session.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import {
  mapPresentation,
  mapPresentations,
  sessionOperator,
} from "./_session_operator.ts";
import {
  checkRanges,
  type NormalizeRanges,
  scannedRanges,
} from "./ranges/normalize_ranges.ts";
import { scaledResponse, scaledStimulus } from "./ranges/range_scaling.ts";
import { SharedLoad } from "../base/shared_load.ts";

export type {
  BandAndNeuronRanges,
  GlobalRanges,
  NormalizeRanges,
} from "./ranges/normalize_ranges.ts";
export type { ValueRange } from "../kernels/ranges.ts";

/** How {@linkcode normalize} maps values to 0 to 1. */
export type NormalizeMethod = "none" | "global" | "bandAndNeuron";

/** Names of {@linkcode NormalizeOptions}. */
export const NORMALIZE_OPTIONS = ["method", "ranges", "onRanges"] as const;

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
   * Ranges that are mapped to 0 to 1, such as those of another stream; their
   * method must be the same.
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
 *   nothing, but a band with a single value becomes 0.
 * - With `ranges` sessions pass at once; values outside a range fall outside 0 to
 *   1.
 * - Without `ranges` the first read passes over the whole stream, one
 *   presentation at a time, before it returns: everything is read twice, memory
 *   stays the same, and the result is exact. Sessions wait until the last one has
 *   arrived. A part of a session, such as a subset of {@linkcode wingert2026}, is
 *   mapped by the range of the whole session.
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
 * @throws {TypeError} When called, if `method` is none of the three, or `ranges`
 * are not ranges.
 * @throws {RangeError} When called, if an option does not exist, `ranges` have
 * another method, or one is not finite; in the stream, if they lack a band or a
 * cell.
 * @throws {RecordingError} In the stream, if a stimulus is a waveform, or has a
 * value without a logarithm.
 */
export function normalize(
  options: NormalizeOptions = {},
): MonoTypeOperatorFunction<Session> {
  checkOperatorOptions("normalize", "normalize", options, NORMALIZE_OPTIONS);
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
        return sessions.pipe(sessionOperator(
          { name: "normalize", module: import.meta.url, args },
          (session) => normalized(session, given),
        ));
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
        const making = {
          name: "normalize",
          args: [{ method }],
          hasMemory: true,
          obstacle: "parallel() before normalize()",
        };
        return from(all).pipe(sessionOperator(
          making,
          (session) => normalized(session, ({ signal }) => pass.get(signal)),
        ));
      }),
    );
}

/** Gives the ranges once they are known. */
type RangesSource = (options: ReadOptions) => Promise<NormalizeRanges>;

function normalized(session: Session, ranges: RangesSource): Session {
  return mapPresentations(session, (presentation) => {
    const { stimulus } = presentation;
    return mapPresentation("normalize", presentation, {
      readStimulus: async (options = {}) => {
        const found = await ranges(options);
        return scaledStimulus(await stimulus.read(options), stimulus, found);
      },
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
    });
  });
}

function checkMethod(method: unknown): void {
  if (["none", "global", "bandAndNeuron"].includes(String(method))) return;
  throw new TypeError(
    `Cannot normalize: method is ${String(method)}, expected none, global or ` +
      "bandAndNeuron",
  );
}
