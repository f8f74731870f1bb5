import { checkCount, checkOptions } from "../base/check.ts";
import { TallySum } from "../stream/tally.ts";
import type { Pair } from "./parts.ts";
import { concatLayouts, setLayout } from "./layout.ts";
import { NeuralDataset } from "./neural_dataset.ts";

const ACT = "concatenate datasets";

/** Options for {@linkcode concatDatasets}. */
export interface ConcatOptions {
  /**
   * Name of each dataset, which every metadata entry of it gets as `dataset`, in
   * the place of an existing one.
   *
   * @default no such entry
   */
  readonly names?: readonly string[];
}

/**
 * Concatenates datasets: all stimuli and all cells of the first, then of the next.
 *
 * - Cells of one dataset never heard stimuli of another: those pairs are the
 *   shared sentinel, so responses are block diagonal.
 * - Stimuli keep their keys; `#` and the index of the dataset follow a key that an
 *   earlier dataset has.
 * - Metadata entries are copied and get a `source`, the index of their dataset,
 *   which replaces an existing `source`, and a `dataset` if there are `names`.
 *   Tallies are summed, tensors are shared, and nothing is selected.
 * - In memory: the datasets, and a table of `S * N` pointers.
 *
 * @example Two datasets, and a selection of the first one's cells
 * ```ts
 * import { concatDatasets, type NeuralDataset } from "rxephys";
 *
 * function firstOf(wehr: NeuralDataset, asari: NeuralDataset): NeuralDataset {
 *   const both = concatDatasets([wehr, asari], { names: ["wehr", "asari"] });
 *   both.selectNeuronsBy("dataset", "wehr");
 *   return both;
 * }
 * ```
 *
 * @param datasets Datasets, at least one.
 * @throws {TypeError} If `names` are no texts.
 * @throws {RangeError} If there is no dataset, if `dt`, `F` or `samplesPerBin`
 * differ, or if there are more or fewer names than datasets.
 */
export function concatDatasets(
  datasets: readonly NeuralDataset[],
  options: ConcatOptions = {},
): NeuralDataset {
  checkOptions<ConcatOptions>(ACT, options, ["names"]);
  checkCount(ACT, "number of datasets", datasets.length, 1);
  const { names } = options;
  checkNames(names, datasets.length);
  const tagged = <Meta extends object>(meta: Meta, source: number): Meta => {
    const dataset = names?.[source];
    return { ...meta, source, ...(dataset !== undefined && { dataset }) };
  };
  for (const [i, dataset] of datasets.entries()) {
    checkAlike(dataset, i, datasets[0] ?? dataset);
  }
  const tally = new TallySum();
  for (const dataset of datasets) tally.add(dataset.tally);
  const dataset = NeuralDataset.fromPairs({
    stims: datasets.flatMap(({ stims }) => stims),
    stimKeys: distinctKeys(datasets),
    stimMeta: datasets.flatMap(({ stimMeta }, source) =>
      stimMeta.map((meta) => tagged(meta, source))
    ),
    nrnMeta: datasets.flatMap(({ nrnMeta }, source) =>
      nrnMeta.map((meta) => tagged(meta, source))
    ),
    pairs: [...shiftedPairs(datasets)],
    tally: tally.total,
  });
  setLayout(dataset, concatLayouts(datasets));
  return dataset;
}

function checkNames(names: unknown, count: number): void {
  if (names === undefined) return;
  const areTexts = Array.isArray(names) &&
    names.every((name) => typeof name === "string");
  if (!areTexts) {
    throw new TypeError(
      `Cannot ${ACT}: names is ${String(names)}, expected a list of texts`,
    );
  }
  checkCount(ACT, "number of names", names.length, count, count);
}

/** Keys of all stimuli; one that an earlier dataset has gets its source. */
function distinctKeys(datasets: readonly NeuralDataset[]): string[] {
  const keys = new Set<string>();
  for (const [source, { stimKeys }] of datasets.entries()) {
    for (const stimKey of stimKeys) {
      let key = stimKey;
      while (keys.has(key)) key += `#${source}`;
      keys.add(key);
    }
  }
  return [...keys];
}

function checkAlike(
  dataset: NeuralDataset,
  index: number,
  first: NeuralDataset,
): void {
  for (const name of ["dt", "F", "samplesPerBin"] as const) {
    if (dataset[name] !== first[name]) {
      throw new RangeError(
        `Cannot ${ACT}: ${name} of dataset ${index} is ${dataset[name]}, ` +
          `expected ${first[name]} as dataset 0`,
      );
    }
  }
}

function* shiftedPairs(datasets: readonly NeuralDataset[]): Generator<Pair> {
  let firstStim = 0;
  let firstCell = 0;
  for (const { N, S, nrnMasks, responses } of datasets) {
    for (const [s, row] of responses.entries()) {
      for (const [n, response] of row.entries()) {
        if (!nrnMasks[s]?.[n]) continue;
        yield { stim: firstStim + s, cell: firstCell + n, response };
      }
    }
    firstStim += S;
    firstCell += N;
  }
}
