import { defer, map, type MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import { withStep } from "../stream/lineage.ts";
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
import { alignedStimulus } from "./_aligned_stimulus.ts";
import { mapPresentations } from "./_session_operator.ts";
import { alignedRepeats } from "../kernels/common/units.ts";

/** Options for {@linkcode mask}. */
export interface MaskOptions {
  /**
   * Sampling rate in Hz to which waveforms are resampled, above 0 to 1,000,000;
   * a whole number of samples in a bin. Spectrograms have no use for it.
   *
   * @default {96_000}
   */
  readonly audioRateHz?: number;
}

/**
 * Aligns stimulus and responses, so that what is left is real to the last bin.
 *
 * - Stimulus: `(1, F, T)` cut to the bins that were presented, at most
 *   `round(durationMs / dtMs)`.
 * - A stimulus that is still a waveform, `spectrogram()` being left out:
 *   resampled to `audioRateHz` and cut to the same T, `(1, T * samplesPerBin)`
 *   with `samplesPerBin = audioRateHz * dtMs / 1000`. The sound is followed by
 *   zeros where it ends within the last bin. Filter: no delay, gain 1, flat to
 *   1e-5 up to 0.95 of the lower Nyquist, 100 dB down from that Nyquist on.
 * - Responses: every repeat of every cell cut to the shortest of them and to the
 *   stimulus, float32, the same for both kinds of stimulus. Nothing is padded; a
 *   response left without a bin is `null`, as is every pair that was never
 *   presented.
 * - Other sessions may have heard less of the same stimulus: `toDataset` cuts to
 *   what all of them share.
 *
 * It remembers one number per distinct stimulus, its count of bins; responses
 * read before their stimulus read that stimulus first, once.
 *
 * @example
 * ```ts
 * import { bin, mask, spectrogram, wehr } from "rxephys";
 *
 * const aligned = wehr("data").pipe(bin(), spectrogram(), mask());
 * ```
 *
 * @example Waveforms at 96 kHz, 480 samples in a bin of 5 ms
 * ```ts
 * import { bin, mask, wehr } from "rxephys";
 *
 * const sounds = wehr("data").pipe(bin({ dtMs: 5 }), mask());
 * ```
 *
 * @throws {RangeError} When called, if `audioRateHz` is outside its range; in
 * the stream, if it gives a waveform no whole number of samples in a bin.
 * @throws {RecordingError} In the stream, if stimulus and responses are not
 * binned alike.
 */
export function mask(
  options: MaskOptions = {},
): MonoTypeOperatorFunction<Session> {
  const { audioRateHz = 96_000 } = options;
  checkRange("align", "audioRateHz", audioRateHz, Number.MIN_VALUE, 1e6);
  return (sessions) =>
    defer(() => {
      const grids = new Map<string, Promise<Grid>>();
      const apply = (session: Session): Session =>
        mapPresentations(session, (item) => masked(item, grids, audioRateHz));
      // No call: what it remembers must be one for all of the stream's reads.
      return sessions.pipe(
        map((session) =>
          withStep(apply(session), session, {
            name: "mask",
            apply,
            hasMemory: true,
          })
        ),
      );
    });
}

/** The bins that a stimulus has once aligned. */
interface Grid {
  readonly bins: number;
  readonly dtMs?: number;
}

function masked(
  presentation: Presentation,
  grids: Map<string, Promise<Grid>>,
  audioRateHz: number,
): Presentation {
  const { stimulus, dtMs } = presentation;
  const readStimulus = (options?: ReadOptions): Promise<Tensor> => {
    const tensor = stimulus.read(options).then((read) =>
      alignedStimulus(read, presentation, audioRateHz)
    );
    const grid = tensor.then((stim) => ({
      bins: timeBins(stim),
      dtMs: stim.dtMs,
    }));
    grids.set(stimulus.key, grid);
    grid.catch(() => grids.delete(stimulus.key));
    return tensor;
  };
  return {
    stimulus: {
      key: stimulus.key,
      meta: stimulus.meta,
      durationMs: stimulus.durationMs,
      read: readStimulus,
    },
    dtMs,
    read: async (options) => {
      if (!grids.has(stimulus.key)) await readStimulus(options);
      const grid = await grids.get(stimulus.key);
      const trials = await presentation.read(options);
      return aligned(trials, grid as Grid, stimulus);
    },
  };
}

function aligned(trials: Trials, grid: Grid, stimulus: Stimulus): Trials {
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
        repeats: alignedRepeats(response.repeats, response.scale, bins),
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
    `Cannot align: responses to ${stimulus.key} have ${
      response.dtMs === undefined ? "no bins" : `bins of ${response.dtMs} ms`
    }, expected bin({ dtMs: ${dtMs} }) as its stimulus has`,
  );
}
