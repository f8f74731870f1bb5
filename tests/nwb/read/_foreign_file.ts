import {
  type Hdf5Attributes,
  Hdf5File,
  type Hdf5Values,
} from "../../../src/nwb/_hdf5_file.ts";
import { open } from "../../../src/platform/files.ts";

/** Facts about a series. */
export interface ForeignSeries {
  readonly type?: string;
  readonly values: Hdf5Values;
  readonly shape?: readonly number[];
  readonly rateHz?: number;
  readonly startS?: number;
  readonly timestamps?: Float64Array;
  readonly unit?: string;
  readonly conversion?: number;
  readonly offset?: number;
  readonly electrode?: string;
  readonly attributes?: Hdf5Attributes;
}

/** Columns of a table: numbers or texts. */
export type ForeignColumns = Readonly<
  Record<string, Float64Array | readonly string[]>
>;

/** Writes the least that a reader asks of an NWB file of another program. */
export class ForeignFile {
  readonly #h5: Hdf5File;

  constructor(h5: Hdf5File, version: string) {
    this.#h5 = h5;
    h5.attributes("", { nwb_version: version });
    for (
      const path of [
        ...["acquisition", "general", "intervals", "processing", "stimulus"],
        ...["stimulus/presentation", "stimulus/templates"],
      ]
    ) h5.group(path);
    h5.scalar("identifier", "made by hand");
    h5.scalar("session_start_time", "2024-05-06T07:08:09+00:00");
  }

  group(path: string, type: string = ""): void {
    this.#h5.group(path, { neurodata_type: type });
  }

  series(path: string, series: ForeignSeries): void {
    const { type = "TimeSeries", values, shape = [values.length] } = series;
    const { unit = "volts", conversion = 1, offset = 0, electrode } = series;
    this.#h5.group(path, { neurodata_type: type, ...series.attributes });
    const attributes = { unit, conversion, offset };
    this.#h5.numbers(`${path}/data`, values, attributes, { shape });
    const { timestamps, startS = 0, rateHz = 1000 } = series;
    if (timestamps) this.#h5.numbers(`${path}/timestamps`, timestamps);
    else this.#h5.scalar(`${path}/starting_time`, startS, { rate: rateHz });
    if (electrode) this.#h5.link(`${path}/electrode`, `/${electrode}`);
  }

  table(path: string, columns: ForeignColumns): void {
    const [first = []] = Object.values(columns);
    const colnames = Object.keys(columns);
    this.#h5.group(path, { neurodata_type: "TimeIntervals", colnames });
    this.#h5.numbers(`${path}/id`, new Int32Array(first.length));
    for (const [name, values] of Object.entries(columns)) {
      if (values instanceof Float64Array) {
        this.#h5.numbers(`${path}/${name}`, values);
      } else this.#h5.texts(`${path}/${name}`, values);
    }
  }
}

/** Makes a file. */
export async function writeForeign(
  path: string,
  write: (file: ForeignFile) => void,
  version: string = "2.7.0",
): Promise<void> {
  const options = { read: true, write: true, createNew: true };
  const file = await open(path, options);
  try {
    using h5 = await Hdf5File.create(file, false);
    write(new ForeignFile(h5, version));
    h5.finish();
  } finally {
    file.close();
  }
}
