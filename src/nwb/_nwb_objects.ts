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
  | "IntracellularElectrodesTable"
  | "IntracellularRecordingsTable"
  | "IntracellularResponsesTable"
  | "IntracellularStimuliTable"
  | "NWBFile"
  | "PatchClampSeries"
  | "ProcessingModule"
  | "Subject"
  | "TimeIntervals"
  | "TimeSeries"
  | "TimeSeriesReferenceVectorData"
  | "Units";

/** Type of a table. */
export type TableType =
  | "DynamicTable"
  | "IntracellularElectrodesTable"
  | "IntracellularRecordingsTable"
  | "IntracellularResponsesTable"
  | "IntracellularStimuliTable"
  | "TimeIntervals"
  | "Units";

/** Column of a table: values, or references. */
export type Column = ValueColumn | SeriesColumn | ObjectColumn;

/** Column of numbers or texts. */
export interface ValueColumn {
  /** Describes the values and their unit. */
  readonly description: string;
  /** One value a row, or the rows' values one after the other. */
  readonly values: Hdf5Values | readonly string[];
  /** Length of the axes after the first. */
  readonly width?: number;
  /** End of each row in `values`, where rows have any number of values. */
  readonly ends?: Uint32Array;
}

/** Column of references to ranges of time series. */
export interface SeriesColumn {
  readonly description: string;
  readonly series: readonly SeriesReference[];
  /** End of each row in `series`, where rows have any number of them. */
  readonly ends?: Uint32Array;
}

/** Column of references to objects. */
export interface ObjectColumn {
  readonly description: string;
  /** Paths of the objects. */
  readonly objects: readonly string[];
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

/** Makes a table. */
export function writeTable(
  file: Hdf5File,
  path: string,
  type: TableType,
  description: string,
  columns: Readonly<Record<string, Column>>,
): void {
  const rows = rowsOf(columns);
  file.group(path, {
    ...(type === "DynamicTable" ? commonOf(type) : objectOf(type)),
    description,
    colnames: Object.keys(columns),
  });
  const ids = Int32Array.from({ length: rows }, (_, row) => row);
  file.numbers(`${path}/id`, ids, commonOf("ElementIdentifiers"));
  for (const [name, column] of Object.entries(columns)) {
    writeColumn(file, `${path}/${name}`, column);
  }
}

/** Ends of rows that stand one after the other. */
export function endsOf(rows: readonly ArrayLike<unknown>[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(rows, ({ length }) => end += length);
}

function rowsOf(columns: Readonly<Record<string, Column>>): number {
  const [first] = Object.values(columns);
  if (first === undefined) return 0;
  if ("objects" in first) return first.objects.length;
  if (first.ends) return first.ends.length;
  return "series" in first
    ? first.series.length
    : first.values.length / (first.width ?? 1);
}

function writeColumn(file: Hdf5File, path: string, column: Column): void {
  const { description } = column;
  const attributes = { ...commonOf("VectorData"), description };
  if ("objects" in column) {
    file.references(path, column.objects, attributes);
    return;
  }
  if ("series" in column) {
    file.seriesReferences(path, column.series, {
      ...objectOf("TimeSeriesReferenceVectorData"),
      description,
    });
  } else if (isTexts(column.values)) {
    file.texts(path, column.values, attributes);
  } else {
    const { values, width } = column;
    const shape = width === undefined
      ? [values.length]
      : [values.length / width, width];
    file.numbers(path, values, attributes, { shape });
  }
  if (column.ends) writeIndex(file, path, column.ends);
}

function isTexts(values: ValueColumn["values"]): values is readonly string[] {
  return Array.isArray(values);
}

function writeIndex(file: Hdf5File, path: string, ends: Uint32Array): void {
  file.numbers(`${path}_index`, ends, {
    ...commonOf("VectorIndex"),
    description: "end of each row",
    target: file.reference(path),
  });
}
