/**
 * The published cohort of 21 Wehr cells, by `wehrCellIdx`: without the
 * unresponsive cells 1, 2 and 8 and cell 4, which has too little data.
 *
 * Source: Rancon, Masquelier and Cottereau 2025, Commun. Biol. 8:1456, as in
 * deepSTRF 0.1.0.
 *
 * @example The cohort of a dataset
 * ```ts
 * import { type NeuralDataset, WEHR_VALID_NEURONS } from "rxephys";
 *
 * function selectCohort(dataset: NeuralDataset): readonly number[] {
 *   return dataset.selectNeuronsWhere(({ wehrCellIdx }) =>
 *     WEHR_VALID_NEURONS.includes(Number(wehrCellIdx))
 *   );
 * }
 * ```
 */
// deno-fmt-ignore
export const WEHR_VALID_NEURONS: readonly number[] = Object.freeze([
  0, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
]);

/** Numbers of a cell's stimuli for training, validation and test. */
export type StimulusSplit = readonly [
  train: number,
  val: number,
  test: number,
];

/**
 * The published splits of the Wehr cells' natural stimuli, `[train, val, test]`
 * by `wehrCellIdx`, 0 to 24; cells outside `WEHR_VALID_NEURONS` are included for
 * completeness.
 *
 * Source: Rancon, Masquelier and Cottereau 2025, Commun. Biol. 8:1456, as in
 * deepSTRF 0.1.0. These add up to 385 stimuli, 63 for cell 23 alone, of which
 * the release as read here has 51: the publication counted them otherwise.
 *
 * @example The longest
 * ```ts
 * import { WEHR_NEURONS_SPLIT_NATURAL } from "rxephys";
 *
 * console.log(WEHR_NEURONS_SPLIT_NATURAL[23]); // [44, 6, 13]
 * ```
 */
export const WEHR_NEURONS_SPLIT_NATURAL: readonly StimulusSplit[] = Object
  .freeze([
    [7, 2, 2],
    [5, 1, 1],
    [3, 1, 1],
    [7, 1, 1],
    [1, 1, 1],
    [6, 1, 1],
    [3, 1, 1],
    [1, 1, 1],
    [4, 1, 1],
    [7, 1, 2],
    [11, 2, 3],
    [25, 4, 7],
    [7, 1, 2],
    [25, 4, 7],
    [7, 1, 1],
    [14, 3, 5],
    [25, 4, 7],
    [17, 3, 5],
    [5, 1, 1],
    [11, 2, 3],
    [5, 1, 1],
    [12, 2, 4],
    [7, 2, 2],
    [44, 6, 13],
    [4, 1, 1],
  ]);
