import { defer, type MonoTypeOperatorFunction } from "rxjs";
import { unlessAborted } from "../base/abort.ts";
import { checkRange } from "../base/check.ts";
import { type Tensor, timeBins } from "../tensor.ts";
import { RecordingError } from "../errors.ts";
import type {
  CellResponse,
  Presentation,
  ReadOptions,
  Session,
  Stimulus,
  Trials,
} from "../session.ts";
import { cutRepeats } from "../kernels/common/units.ts";
import { maskedStimulus } from "./_masked_stimulus.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import {
  mapPresentation,
  mapPresentations,
  sessionOperator,
} from "./_session_operator.ts";

/** Names of {@linkcode MaskOptions}. */
export const MASK_OPTIONS = ["audioRateHz"] as const;

/** Options for {@linkcode mask}. */
export interface MaskOptions {
  /**
   * Sampling rate in Hz to which waveforms are resampled, above 0 to 1,000,000;
   * a whole number of samples in a bin. Spectrograms do not use it.
   *
   * @default {96_000}
   */
  readonly audioRateHz?: number;
}

/**
 * Cuts stimulus and responses to the bins that both of them have.
 *
 * - Stimulus: `(1, F, T)` cut to the bins that were presented, at most
 *   `round(durationMs / dtMs)`.
 * - A stimulus that is still a waveform, without `spectrogram()`: resampled to
 *   `audioRateHz` and cut to the same T, `(1, T * samplesPerBin)` with
 *   `samplesPerBin = audioRateHz * dtMs / 1000`. Zeros follow a sound that ends
 *   within the last bin. Filter: no delay, gain 1, flat to 1e-5 up to 0.95 of the
 *   lower Nyquist, 100 dB down from that Nyquist on.
 * - Responses: every repeat of every cell is cut to the shortest of them and to
 *   the stimulus, float32, the same for both kinds of stimulus. Nothing is padded;
 *   a response without a bin is `null`, as is a pair that was never presented.
 * - Other sessions may have heard less of the same stimulus: `toDataset` cuts to
 *   the bins that all of them share.
 *
 * It remembers one number per distinct stimulus, its count of bins; a response
 * that is read before its stimulus reads that stimulus first, once.
 *
 * @example Spectrograms
 * ```ts
 * import { bin, mask, spectrogram, wehr } from "rxephys";
 *
 * const masked = wehr("data").pipe(bin(), spectrogram(), mask());
 * ```
 *
 * @example Waveforms at 96 kHz, 480 samples in a bin of 5 ms
 * ```ts
 * import { bin, mask, wehr } from "rxephys";
 *
 * const sounds = wehr("data").pipe(bin({ dtMs: 5 }), mask());
 * ```
 *
 * @throws {TypeError} When called, if an option is no number.
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range; in the stream, if `audioRateHz` gives a waveform no whole number of
 * samples in a bin.
 * @throws {RecordingError} In the stream, if stimulus and responses have
 * different bins, or a waveform has no sample in a bin or becomes longer than
 * 2^27 samples.
 */
export function mask(
  options: MaskOptions = {},
): MonoTypeOperatorFunction<Session> {
  checkOperatorOptions("mask", "mask", options, MASK_OPTIONS);
  const { audioRateHz = 96_000 } = options;
  checkRange("mask", "audioRateHz", audioRateHz, Number.MIN_VALUE, 1e6);
  return (sessions) =>
    defer(() => {
      const grids = new Map<string, Promise<Grid>>();
      // No module: all reads of the stream share what it remembers.
      return sessions.pipe(sessionOperator(
        { name: "mask", args: [{ audioRateHz }], hasMemory: true },
        (session) =>
          mapPresentations(session, (item) => masked(item, grids, audioRateHz)),
      ));
    });
}

/** The bins of a masked stimulus. */
interface Grid {
  readonly bins: number;
  readonly dtMs?: number;
}

function masked(
  presentation: Presentation,
  grids: Map<string, Promise<Grid>>,
  audioRateHz: number,
): Presentation {
  const { stimulus } = presentation;
  const readStimulus = async (options?: ReadOptions): Promise<Tensor> => {
    const grid = Promise.withResolvers<Grid>();
    grids.set(stimulus.key, grid.promise);
    grid.promise.catch(() => grids.delete(stimulus.key));
    try {
      const read = await stimulus.read(options);
      const tensor = maskedStimulus(read, presentation, audioRateHz);
      grid.resolve(gridOf(tensor));
      return tensor;
    } catch (error) {
      grid.reject(error);
      throw error;
    }
  };
  return mapPresentation("mask", presentation, {
    readStimulus,
    read: async (options) => {
      const grid = await sharedGrid(grids.get(stimulus.key), options) ??
        gridOf(await readStimulus(options));
      const trials = await presentation.read(options);
      return maskedTrials(trials, grid, stimulus);
    },
  });
}

/** The bins that another read finds; null where that read fails or is left. */
async function sharedGrid(
  grid: Promise<Grid> | undefined,
  { signal }: ReadOptions = {},
): Promise<Grid | null> {
  if (grid === undefined) return null;
  // Its error is its own reader's: this one reads the stimulus again.
  return await unlessAborted(grid.catch(() => null), signal);
}

function gridOf(tensor: Tensor): Grid {
  const bins = timeBins(tensor);
  return { bins, ...(tensor.dtMs !== undefined && { dtMs: tensor.dtMs }) };
}

function maskedTrials(trials: Trials, grid: Grid, stimulus: Stimulus): Trials {
  const present = trials.responses.filter((response) => response !== null);
  for (const response of present) checkBinned(response, grid.dtMs, stimulus);
  const bins = Math.min(
    grid.bins,
    ...present.flatMap(({ repeats }) => repeats.map(({ length }) => length)),
  );
  return {
    tally: trials.tally,
    responses: trials.responses.map((response) =>
      response === null || bins === 0 ? null : {
        ...response,
        scale: 1,
        repeats: cutRepeats(response.repeats, response.scale, bins),
      }
    ),
  };
}

function checkBinned(
  response: CellResponse,
  dtMs: number | undefined,
  stimulus: Stimulus,
): void {
  if (response.dtMs === dtMs) return;
  throw new RecordingError(
    `Cannot mask: responses to ${stimulus.key} have ${
      response.dtMs === undefined ? "no bins" : `bins of ${response.dtMs} ms`
    }, expected bin({ dtMs: ${dtMs} }) as its stimulus has`,
  );
}
