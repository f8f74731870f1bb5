import type { CellResponse, Samples, Trials, Waveform } from "../../session.ts";
import type { ReadResult } from "../../stream/kept_reads.ts";
import { joinedRepeats, ownCopy, ownRepeats } from "../../stream/own_memory.ts";
import type { Tensor } from "../../tensor.ts";

/** A result as bytes: its samples, then all else as JSON. */
export interface ReadRecord {
  /** Bytes of each array, one after the other. */
  readonly samples: readonly Uint8Array[];
  readonly head: Uint8Array;
}

type Head =
  | { readonly type: "trials"; readonly trials: TrialsHead }
  | { readonly type: "tensor"; readonly tensor: Omit<Tensor, "data"> }
  | { readonly type: "waveform"; readonly waveform: WaveformHead };

interface TrialsHead extends Omit<Trials, "responses"> {
  readonly responses: readonly (ResponseHead | null)[];
}

interface ResponseHead extends Omit<CellResponse, "repeats" | "scale"> {
  /** Length of each repeat. */
  readonly lengths: readonly number[];
}

interface WaveformHead extends Omit<Waveform, "samples"> {
  readonly class: Samples[typeof Symbol.toStringTag];
}

const CLASSES = { Float64Array, Float32Array, Int16Array };
/** Names of all fields of a head, as {@linkcode JSON.stringify} takes them. */
const FIELDS = [
  ...["type", "trials", "tensor", "waveform"],
  ...["responses", "kind", "rateHz", "unit", "dtMs", "lengths"],
  ...["detrended", "medianMs", "gaussMs"],
  ...["tally", "range", "step", "xcorr", "kept"],
  ...["shape", "samplesPerBin", "bandsHz", "bandRangeHz"],
  ...["aliases", "class"],
];

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Encodes a result; repeats become float32 in the response's unit. */
export function encodedRead(result: ReadResult): ReadRecord {
  if ("responses" in result) return encodedTrials(result);
  if ("shape" in result) {
    const { data, ...tensor } = result;
    return record({ type: "tensor", tensor }, [data]);
  }
  const { samples, ...rest } = result;
  const waveform = { ...rest, class: samples[Symbol.toStringTag] };
  return record({ type: "waveform", waveform }, [samples]);
}

/**
 * Restores a result from copies of its bytes.
 *
 * @param bytes Samples and head; the samples start at a multiple of 4 in memory.
 * @param sampleBytes Bytes of the samples.
 */
export function restoredRead(
  bytes: Uint8Array,
  sampleBytes: number,
): ReadResult {
  const head: Head = JSON.parse(DECODER.decode(bytes.subarray(sampleBytes)));
  if (head.type === "waveform") {
    const { class: name, ...rest } = head.waveform;
    const { buffer } = new Uint8Array(bytes.subarray(0, sampleBytes));
    return { ...rest, samples: new CLASSES[name](buffer) };
  }
  const count = sampleBytes / Float32Array.BYTES_PER_ELEMENT;
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, count);
  return head.type === "tensor"
    ? { ...head.tensor, data: ownCopy(values) }
    : restoredTrials(head.trials, values);
}

function encodedTrials({ responses, tally }: Trials): ReadRecord {
  const samples: Float32Array[] = [];
  const heads = responses.map((response): ResponseHead | null => {
    if (response === null) return null;
    samples.push(joinedRepeats(response));
    const { repeats, scale: _, ...rest } = response;
    return { ...rest, lengths: repeats.map(({ length }) => length) };
  });
  return record(
    { type: "trials", trials: { responses: heads, tally } },
    samples,
  );
}

function restoredTrials(
  { responses, tally }: TrialsHead,
  values: Float32Array,
): Trials {
  let at = 0;
  return {
    responses: responses.map((head) => {
      if (head === null) return null;
      const { lengths, ...response } = head;
      const count = lengths.reduce((sum, length) => sum + length, 0);
      const joined = values.slice(at, at += count);
      const repeats = ownRepeats(joined, lengths.map((length) => ({ length })));
      return { ...response, scale: 1, repeats };
    }),
    tally,
  };
}

function record(head: Head, samples: readonly Samples[]): ReadRecord {
  return {
    samples: samples.map(({ buffer, byteOffset, byteLength }) =>
      new Uint8Array(buffer, byteOffset, byteLength)
    ),
    head: ENCODER.encode(JSON.stringify(head, FIELDS)),
  };
}
