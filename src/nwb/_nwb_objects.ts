import type {
  Hdf5Attributes,
  Hdf5File,
  Hdf5Values,
  SeriesReference,
} from "./_hdf5_file.ts";

/** Type of an object in NWB's own schema. */
export type CoreType =
  | "CurrentClampSeries"
  | "Device"
  | "IntracellularElectrode"
  | "NWBFile"
  | "PatchClampSeries"
  | "ProcessingModule"
  | "Subject"
  | "TimeIntervals"
  | "TimeSeries"
  | "Units";

/** Column of a table. */
export interface Column {
  /** Describes the values and their unit. */
  readonly description: string;
  /** One value a row, or the rows' values one after the other. */
  readonly values: Hdf5Values | readonly string[];
  /** Length of the axes after the first. */
  readonly width?: number;
  /** End of each row in `values`, where rows have any number of values. */
  readonly ends?: Uint32Array;
}

/** Time series without its data. */
export interface SeriesHead {
  readonly type: CoreType;
  readonly description: string;
  /** Time of the first sample in s. */
  readonly startS: number;
  readonly rateHz: number;
  /** Unit of the samples after the conversion. */
  readonly unit: string;
  /** Factor from stored samples to the unit. */
  readonly conversion: number;
  /** Path of the electrode, for a type that has one. */
  readonly electrode?: string;
  /** Stimulus, for a type that has one. */
  readonly stimulus?: string;
}

/** Attributes that every object of NWB has. */
export function objectOf(type: CoreType): Hdf5Attributes {
  return {
    namespace: "core",
    neurodata_type: type,
    object_id: crypto.randomUUID(),
  };
}

/** Attributes of an object of the tables' schema. */
function commonOf(type: string): Hdf5Attributes {
  return {
    namespace: "hdmf-common",
    neurodata_type: type,
    object_id: crypto.randomUUID(),
  };
}

/** Makes a time series `[n]`, or `[n, channels]` that can grow. */
export function writeSeries(
  file: Hdf5File,
  path: string,
  head: SeriesHead,
  values: Hdf5Values,
  channels?: number,
): void {
  const { type, electrode, stimulus } = head;
  file.group(path, {
    ...objectOf(type),
    description: head.description,
    comments: "no comments",
    ...(electrode !== undefined && {
      stimulus_description: stimulus ?? "no stimulus",
    }),
  });
  file.numbers(
    `${path}/data`,
    values,
    {
      unit: head.unit,
      conversion: head.conversion,
      offset: 0,
      resolution: -1,
    },
    channels === undefined
      ? { shape: [values.length] }
      : { shape: [values.length / channels, channels], grows: true },
  );
  file.scalar(`${path}/starting_time`, head.startS, {
    rate: head.rateHz,
    unit: "seconds",
  });
  if (electrode !== undefined) file.link(`${path}/electrode`, electrode);
}

/** Makes a table; the columns of references are added afterwards. */
export function writeTable(
  file: Hdf5File,
  path: string,
  type: "DynamicTable" | "TimeIntervals" | "Units",
  description: string,
  columns: Readonly<Record<string, Column>>,
  references?: readonly (readonly SeriesReference[])[],
): void {
  const rows = rowsOf(columns);
  const names = Object.keys(columns);
  if (references) names.push("timeseries");
  file.group(path, {
    ...(type === "DynamicTable" ? commonOf(type) : objectOf(type)),
    description,
    colnames: names,
  });
  const ids = Int32Array.from({ length: rows }, (_, row) => row);
  file.numbers(`${path}/id`, ids, commonOf("ElementIdentifiers"));
  for (const [name, column] of Object.entries(columns)) {
    writeColumn(file, `${path}/${name}`, column);
  }
  if (references === undefined) return;
  file.seriesReferences(`${path}/timeseries`, references.flat(), {
    ...objectOf("TimeIntervals"),
    neurodata_type: "TimeSeriesReferenceVectorData",
    description: "time series of each row: the stimulus, then the traces",
  });
  writeIndex(file, `${path}/timeseries`, endsOf(references));
}

/** Ends of rows that stand one after the other. */
export function endsOf(rows: readonly ArrayLike<unknown>[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(rows, ({ length }) => end += length);
}

function rowsOf(columns: Readonly<Record<string, Column>>): number {
  const [first] = Object.values(columns);
  return first === undefined
    ? 0
    : first.ends?.length ?? first.values.length / (first.width ?? 1);
}

function writeColumn(file: Hdf5File, path: string, column: Column): void {
  const { values, description, ends, width } = column;
  const attributes = { ...commonOf("VectorData"), description };
  if (isTexts(values)) file.texts(path, values, attributes);
  else {
    const shape = width === undefined
      ? [values.length]
      : [values.length / width, width];
    file.numbers(path, values, attributes, { shape });
  }
  if (ends) writeIndex(file, path, ends);
}

function isTexts(values: Column["values"]): values is readonly string[] {
  return Array.isArray(values);
}

function writeIndex(file: Hdf5File, path: string, ends: Uint32Array): void {
  file.numbers(`${path}_index`, ends, {
    ...commonOf("VectorIndex"),
    description: "end of each row",
    target: file.reference(path),
  });
}
