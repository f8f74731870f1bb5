/** Data set, or half of one, that a source streams. */
export type DataSetName = "crcns-ac1" | "wehr" | "asari" | "wingert2026";

/** Facts about a data set that its recognition and its chain need. */
export interface DataSet {
  /** Name as people write it. */
  readonly title: string;
  /** Function that streams it. */
  readonly source: string;
  /** Operator with its standard chain. */
  readonly pipeline: string;
  /** Name under which `download` and `dataFolder` know it. */
  readonly folder: "crcns-ac1" | "wingert2026";
  /** Environment variable that may name its folder. */
  readonly variable: string;
}

const AC1 = {
  pipeline: "crcnsAc1Pipeline",
  folder: "crcns-ac1",
  variable: "CRCNS_AC1_DATA",
} as const;

/** The data sets, by name. */
export const DATA_SETS: Readonly<Record<DataSetName, DataSet>> = {
  "crcns-ac1": { ...AC1, title: "CRCNS AC1", source: "crcnsAc1" },
  "wehr": { ...AC1, title: "CRCNS AC1, Wehr half", source: "wehr" },
  "asari": { ...AC1, title: "CRCNS AC1, Asari half", source: "asari" },
  "wingert2026": {
    title: "Wingert et al. 2026",
    source: "wingert2026",
    pipeline: "wingert2026Pipeline",
    folder: "wingert2026",
    variable: "WINGERT2026_DATA",
  },
};

/** Names of the data sets. */
export const DATA_SET_NAMES: readonly DataSetName[] = [
  "crcns-ac1",
  "wehr",
  "asari",
  "wingert2026",
];

/** Whether a text is the name of a data set. */
export function isDataSetName(text: string): text is DataSetName {
  return Object.hasOwn(DATA_SETS, text);
}
