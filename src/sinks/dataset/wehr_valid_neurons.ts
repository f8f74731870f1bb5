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
