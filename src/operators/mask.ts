import { defer, map, type MonoTypeOperatorFunction } from "rxjs";
import { RecordingError } from "../errors.ts";
import type {
  Presentation,
  ReadOptions,
  Response,
  Session,
  Signal,
  Stimulus,
  Trials,
} from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { mapPresentations } from "./_map_presentations.ts";
import { alignedRepeats } from "./kernels/aligned_repeats.ts";
import { cutTime } from "../_cut_time.ts";
import { roundHalfEven } from "../_round.ts";

/**
 * Aligns stimulus and responses, so that what is left is real to the last bin.
 *
 * - Stimulus: `(1, F, T)` cut to the bins that were presented, at most
 *   `round(durationMs / dtMs)`.
 * - Responses: every repeat of every cell cut to the shortest of them and to the
 *   stimulus, float32. Nothing is padded; a response left without a bin is
 *   `null`, as is every pair that was never presented.
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
 * @throws {RecordingError} In the stream, if stimulus and responses are not
 * binned alike.
 */
export function mask(): MonoTypeOperatorFunction<Session> {
  return (sessions) =>
    defer(() => {
      const grids = new Map<string, Promise<Grid>>();
      return sessions.pipe(
        map((session) =>
          mapPresentations(session, (item) => masked(item, grids))
        ),
      );
    });
}

/** The bins that a stimulus has once aligned. */
interface Grid {
  readonly bins: number;
  readonly dtMs: number;
}

function masked(
  presentation: Presentation,
  grids: Map<string, Promise<Grid>>,
): Presentation {
  const { stimulus } = presentation;
  const readStimulus = (options?: ReadOptions): Promise<Tensor> => {
    const tensor = stimulus.read(options).then((read) => cut(read, stimulus));
    const grid = tensor.then(({ shape, dtMs = NaN }) => ({
      bins: shape[2],
      dtMs,
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
    read: async (options) => {
      if (!grids.has(stimulus.key)) await readStimulus(options);
      const grid = await grids.get(stimulus.key);
      const trials = await presentation.read(options);
      return aligned(trials, grid as Grid, stimulus);
    },
  };
}

function cut(read: Signal | Tensor, stimulus: Stimulus): Tensor {
  if (!("shape" in read) || read.dtMs === undefined) {
    throw new RecordingError(
      `Cannot align: stimulus ${stimulus.key} is a waveform, ` +
        "expected spectrogram() before mask()",
    );
  }
  const presented = roundHalfEven(stimulus.durationMs / read.dtMs);
  return cutTime(read, presented > 0 ? presented : read.shape[2]);
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
  response: Response,
  dtMs: number,
  stimulus: Stimulus,
): void {
  if (response.dtMs === dtMs) return;
  throw new RecordingError(
    `Cannot align: responses to ${stimulus.key} have ${
      response.dtMs === undefined ? "no bins" : `bins of ${response.dtMs} ms`
    }, expected bin({ dtMs: ${dtMs} }) as in spectrogram()`,
  );
}
