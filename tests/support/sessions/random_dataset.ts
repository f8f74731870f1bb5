import { NeuralDataset, type Pair, type Tensor } from "rxephys";
import { seeded, whole } from "./traces.ts";

/** Options of {@linkcode randomDataset}. */
export interface RandomDatasetOptions {
  /** Bands of each stimulus. */
  readonly bands?: number;
  /** Width of a bin in ms. */
  readonly dtMs?: number;
  /** Samples per bin, for stimuli that are waveforms. */
  readonly samplesPerBin?: number;
}

/**
 * A dataset with 1 to 8 stimuli of 1 to 9 bins, 1 to 6 cells, 1 to 4 repeats and
 * about half of the pairs. Metadata entries lack keys at random.
 */
export function randomDataset(
  seed: number,
  { bands = 3, dtMs = 5, samplesPerBin }: RandomDatasetOptions = {},
): NeuralDataset {
  const random = seeded(seed);
  const tensor = (...shape: number[]): Tensor => ({
    data: Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () => random() - 0.5,
    ),
    shape,
    dtMs,
  });
  const bins = list(whole(random, 1, 8), () => whole(random, 1, 9));
  const cells = whole(random, 1, 6);
  const pairs: Pair[] = bins.flatMap((T, stim) =>
    list(cells, (cell) => cell).filter(() => random() < 0.5).map((cell) => ({
      stim,
      cell,
      response: tensor(whole(random, 1, 4), T),
    }))
  );
  const meta = (): Record<string, string | number> => ({
    ...(random() < 0.7 ? { group: "abc"[whole(random, 0, 2)] } : {}),
    ...(random() < 0.7 ? { score: whole(random, 0, 3) } : {}),
  });
  return NeuralDataset.fromPairs({
    stims: bins.map((T) =>
      samplesPerBin === undefined
        ? tensor(1, bands, T)
        : { ...tensor(1, T * samplesPerBin), samplesPerBin }
    ),
    stimMeta: bins.map(meta),
    nrnMeta: list(cells, meta),
    pairs,
    tally: { range: seed, step: 2, xcorr: 3, kept: pairs.length },
  });
}

/** Random subset of the indices below a count, in random order. */
export function randomIndices(count: number, random: () => number): number[] {
  return list(count, (index) => index)
    .filter(() => random() < 0.5)
    .map((index) => [random(), index] as const)
    .sort(([a], [b]) => a - b)
    .map(([, index]) => index);
}

function list<Value>(length: number, make: (i: number) => Value): Value[] {
  return Array.from({ length }, (_, i) => make(i));
}
