import type { NeuralDataset } from "rxephys/dataset";
import { crcnsAc1Pipeline, wingert2026Pipeline } from "rxephys/operators";
import { toDataset, toNdjson } from "rxephys/sinks";
import { crcnsAc1, wehr, wingert2026 } from "rxephys/sources";
import { lastValueFrom } from "rxjs";

/** Dataset as JSON can carry it, arrays bit for bit. */
export interface PlainDataset {
  readonly stims: readonly PlainTensor[];
  readonly responses: readonly (readonly PlainTensor[])[];
  readonly rest: unknown;
}

/** Tensor whose float32 values are in base64. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly bits: string;
}

/** Loads the Wehr half with its standard pipeline. */
export async function wehrLoad(
  data: Parameters<typeof wehr>[0],
): Promise<PlainDataset> {
  const sessions = wehr(data).pipe(crcnsAc1Pipeline());
  return plain(await lastValueFrom(sessions.pipe(toDataset())));
}

/** Loads both halves of AC1. */
export async function crcnsAc1Load(
  data: Parameters<typeof crcnsAc1>[0],
): Promise<PlainDataset> {
  const sessions = crcnsAc1(data).pipe(crcnsAc1Pipeline());
  return plain(await lastValueFrom(sessions.pipe(toDataset())));
}

/** Loads the Wingert release. */
export async function wingertLoad(
  data: Parameters<typeof wingert2026>[0],
): Promise<PlainDataset> {
  const sessions = wingert2026(data).pipe(wingert2026Pipeline());
  return plain(await lastValueFrom(sessions.pipe(toDataset())));
}

/** Streams the Wehr half as NDJSON; returns the text. */
export async function wehrLines(
  data: Parameters<typeof wehr>[0],
  parallel: boolean = false,
): Promise<string> {
  const sessions = wehr(data).pipe(crcnsAc1Pipeline({ parallel }));
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const text = new Response(readable).text();
  try {
    await lastValueFrom(sessions.pipe(toNdjson(writable)));
    await writable.close();
    return await text;
  } catch (error) {
    await writable.abort(error);
    await text.catch(() => {});
    throw error;
  }
}

function plain(dataset: NeuralDataset): PlainDataset {
  const { stims, responses, nrnMasks, nrnMeta, stimMeta } = dataset;
  const { dt, F, N, S, signalType, tally } = dataset;
  const rest = { nrnMasks, nrnMeta, stimMeta, dt, F, N, S, signalType, tally };
  return {
    stims: stims.map(plainTensor),
    responses: responses.map((row) => row.map(plainTensor)),
    rest: JSON.parse(JSON.stringify(rest)),
  };
}

function plainTensor(
  { data, shape }: NeuralDataset["stims"][number],
): PlainTensor {
  const { buffer, byteOffset, byteLength } = data;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return { shape: [...shape], bits: bytes.toBase64() };
}
