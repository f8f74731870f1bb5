import type { StimMeta, Stimulus, Waveform } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { stimulusFacts } from "./_facts.ts";
import type { Hdf5File, SeriesReference } from "./_hdf5_file.ts";
import { metaColumns } from "./_meta_columns.ts";
import { objectOf, writeSeries, writeTable } from "./_nwb_objects.ts";

const MODULE = "processing/stimuli";

interface Written extends SeriesReference {
  readonly key: string;
  readonly path: string;
  readonly durationMs: number;
  readonly meta: StimMeta;
  readonly facts: string;
}

/** Stimuli of one file: waveforms, or spectrograms with their bands. */
export class StimulusSeries {
  readonly #file: Hdf5File;
  readonly #written = new Map<string, Written>();
  readonly #bands = new Map<string, string>();

  constructor(file: Hdf5File) {
    this.#file = file;
  }

  has(key: string): boolean {
    return this.#written.has(key);
  }

  /** Reference to the series of a stimulus, if there is one. */
  references(key: string): SeriesReference[] {
    const written = this.#written.get(key);
    return written ? [written] : [];
  }

  /** Writes a stimulus at the time of its first repeat. */
  write(stimulus: Stimulus, read: Waveform | Tensor, startS: number): void {
    const { key, durationMs, meta } = stimulus;
    const number = this.#written.size;
    const name = `stimulus_${number}`;
    const isSpectrogram = "shape" in read && read.samplesPerBin === undefined;
    if (isSpectrogram) this.#openModule();
    const path = `${isSpectrogram ? MODULE : "stimulus/presentation"}/${name}`;
    const count = isSpectrogram
      ? this.#writeSpectrogram(path, key, read, startS)
      : this.#writeWaveform(path, key, read, startS);
    const series = this.#file.reference(path);
    const bands = isSpectrogram && read.bandsHz &&
      this.#bandTable(read.bandsHz);
    const facts = stimulusFacts(durationMs, read, bands || undefined);
    const written = { key, path, durationMs, meta, series, count, facts };
    this.#written.set(key, written);
  }

  /** Writes the table of all stimuli. */
  finish(): void {
    if (this.#written.size === 0) return;
    this.#openModule();
    const all = [...this.#written.values()];
    const own = {
      stimulus: {
        description: "key of the stimulus, as the trials name it",
        values: all.map(({ key }) => key),
      },
      series: {
        description: "path of its series in this file",
        values: all.map(({ path }) => path),
      },
      duration: {
        description: "how long it was presented, in s",
        values: Float64Array.from(all, ({ durationMs }) => durationMs / 1000),
      },
      facts: {
        description: "all that the stream knows of it but its values, as JSON",
        values: all.map(({ facts }) => facts),
      },
    };
    const columns = {
      ...own,
      ...metaColumns(all.map(({ meta }) => meta), Object.keys(own)),
    };
    const path = `${MODULE}/stimuli`;
    writeTable(this.#file, path, "DynamicTable", "Stimuli", columns);
  }

  #writeWaveform(
    path: string,
    key: string,
    read: Waveform | Tensor,
    startS: number,
  ): number {
    const isTensor = "shape" in read;
    const values = isTensor ? read.data : read.samples;
    const rateHz = isTensor
      ? 1000 * (read.samplesPerBin ?? 1) / (read.dtMs ?? 1)
      : read.rateHz;
    writeSeries(this.#file, path, {
      type: "TimeSeries",
      description: `Sound of stimulus ${key}, at its first trial`,
      startS,
      rateHz,
      unit: "sample",
      conversion: 1,
    }, values as Float32Array | Float64Array | Int16Array);
    return values.length;
  }

  #writeSpectrogram(
    path: string,
    key: string,
    { data, shape, dtMs = 1, unit = "none", bandsHz }: Tensor,
    startS: number,
  ): number {
    const bins = shape.at(-1) ?? 0;
    const bands = bins === 0 ? 0 : data.length / bins;
    const values = new Float32Array(data.length);
    for (let band = 0; band < bands; band++) {
      for (let bin = 0; bin < bins; bin++) {
        values[bin * bands + band] = data[band * bins + bin] ?? NaN;
      }
    }
    const table = bandsHz && this.#bandTable(bandsHz);
    const where = table ? `; bands are the rows of the table ${table}` : "";
    writeSeries(
      this.#file,
      path,
      {
        type: "TimeSeries",
        description:
          `Spectrogram of stimulus ${key}, at its first trial${where}`,
        startS,
        rateHz: 1000 / dtMs,
        unit,
        conversion: 1,
      },
      values,
      bands,
    );
    return bins;
  }

  /** Table of band frequencies; spectrograms of the same bands share one. */
  #bandTable(bandsHz: readonly number[]): string {
    const id = bandsHz.join();
    const known = this.#bands.get(id);
    if (known !== undefined) return known;
    const number = this.#bands.size;
    const name = number === 0 ? "bands" : `bands_${number + 1}`;
    const path = `${MODULE}/${name}`;
    writeTable(this.#file, path, "DynamicTable", "Bands of spectrograms", {
      frequency: {
        description: "frequency of the band in Hz",
        values: Float64Array.from(bandsHz),
      },
    });
    this.#bands.set(id, name);
    return name;
  }

  #isModuleOpen = false;

  #openModule(): void {
    if (this.#isModuleOpen) return;
    this.#isModuleOpen = true;
    this.#file.group(MODULE, {
      ...objectOf("ProcessingModule"),
      description: "Stimuli, and their spectrograms",
    });
  }
}
