/**
 * Writers of synthetic releases in the real layouts, for examples, tests and
 * benches on machines without the data.
 *
 * @module
 */

export { exampleData, type ExampleDataset } from "./example_data.ts";
export {
  type SyntheticAc1Options,
  type SyntheticAc1Truth,
  type SyntheticCellTruth,
  type SyntheticHalfTruth,
  type SyntheticNonlinearity,
  type SyntheticProgress,
  type SyntheticRecord,
  type SyntheticRecordKind,
  type SyntheticResponse,
  type SyntheticScale,
  writeSyntheticAc1,
} from "./write_synthetic_ac1.ts";
export {
  type SyntheticWingertCell,
  type SyntheticWingertOptions,
  type SyntheticWingertPlay,
  type SyntheticWingertSite,
  type SyntheticWingertStrf,
  type SyntheticWingertTruth,
  writeSyntheticWingert,
} from "./write_synthetic_wingert.ts";
export { writeSyntheticLab } from "./write_synthetic_lab.ts";
