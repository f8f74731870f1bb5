import type { ReadOptions, Stimulus, Waveform } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import {
  checkEither,
  checkFields,
  checkList,
  checkMeta,
  checkPositive,
  checkRate,
  checkText,
  fieldError,
  samplesOf,
} from "./_fields.ts";
import type { OwnStimulus } from "./own_session.ts";

interface Registered {
  readonly path: string;
  readonly value: Waveform | Tensor;
  readonly durationMs: number;
}

/** Stimuli of all sessions by key: one key stands for one stimulus. */
export class StimulusRegister {
  readonly #known = new Map<string, Registered>();

  /**
   * Checks a stimulus.
   *
   * @throws {TypeError} If a field is missing or of another type.
   * @throws {RangeError} If a field is out of range, or another stimulus has its
   * key.
   */
  checked(path: string, own: OwnStimulus): Stimulus {
    const names = ["key", "waveform", "spectrogram", "durationMs", "meta"];
    checkFields(path, own, names);
    const { key, waveform, spectrogram, meta = {} } = own;
    checkText(`${path}.key`, key);
    checkEither(path, ["waveform", waveform], ["spectrogram", spectrogram]);
    checkMeta(`${path}.meta`, meta);
    const value = valueOf(path, own);
    const { durationMs = lengthMs(value) } = own;
    checkPositive(`${path}.durationMs`, durationMs);
    this.#register(key, { path, value, durationMs });
    return {
      key,
      meta: { durationS: durationMs / 1000, ...meta },
      durationMs,
      read: ({ signal }: ReadOptions = {}) => {
        signal?.throwIfAborted();
        return Promise.resolve(value);
      },
    };
  }

  #register(key: string, stimulus: Registered): void {
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, stimulus);
    else if (!isSame(known, stimulus)) {
      throw new RangeError(
        `Cannot make sessions: ${stimulus.path} differs from ${known.path}, ` +
          `which has the key "${key}", too, expected one key per stimulus`,
      );
    }
  }
}

function valueOf(
  path: string,
  { waveform, spectrogram }: OwnStimulus,
): Waveform | Tensor {
  if (waveform !== undefined) return waveformOf(`${path}.waveform`, waveform);
  return tensorOf(
    `${path}.spectrogram`,
    spectrogram as NonNullable<OwnStimulus["spectrogram"]>,
  );
}

function waveformOf(
  path: string,
  waveform: NonNullable<OwnStimulus["waveform"]>,
): Waveform {
  checkFields(path, waveform, ["samples", "rateHz"]);
  const { rateHz } = waveform;
  checkRate(`${path}.rateHz`, rateHz);
  return { samples: samplesOf(`${path}.samples`, waveform.samples), rateHz };
}

function tensorOf(
  path: string,
  spectrogram: NonNullable<OwnStimulus["spectrogram"]>,
): Tensor {
  checkFields(path, spectrogram, ["bands", "dtMs", "unit"]);
  const { bands, dtMs, unit } = spectrogram;
  checkPositive(`${path}.dtMs`, dtMs);
  if (unit !== undefined) checkText(`${path}.unit`, unit);
  checkList(`${path}.bands`, bands, "an array of bands");
  const rows = bands.map((band, at) => samplesOf(`${path}.bands[${at}]`, band));
  const [first] = rows;
  if (first === undefined) {
    throw fieldError(`${path}.bands.length`, 0, "one band at least");
  }
  const bins = first.length;
  const data = new Float32Array(rows.length * bins);
  for (const [at, row] of rows.entries()) {
    if (row.length !== bins) {
      const rule = `${bins} as in the first`;
      throw fieldError(`${path}.bands[${at}].length`, row.length, rule);
    }
    data.set(row, at * bins);
  }
  const shape = [1, rows.length, bins];
  return { data, shape, dtMs, ...(unit !== undefined && { unit }) };
}

function lengthMs(value: Waveform | Tensor): number {
  if ("samples" in value) return value.samples.length / value.rateHz * 1000;
  return (value.shape.at(-1) ?? 0) * (value.dtMs ?? 0);
}

function isSame(a: Registered, b: Registered): boolean {
  if (a.durationMs !== b.durationMs) return false;
  if ("samples" in a.value) {
    return "samples" in b.value && a.value.rateHz === b.value.rateHz &&
      isEqual(a.value.samples, b.value.samples);
  }
  return !("samples" in b.value) && a.value.dtMs === b.value.dtMs &&
    isEqual(a.value.shape, b.value.shape) &&
    isEqual(a.value.data, b.value.data);
}

function isEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
