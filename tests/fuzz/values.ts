import {
  crcnsAc1Pipeline,
  type NeuralDataset,
  type Session,
  toDataset,
  wingert2026Pipeline,
} from "rxephys";
import type fc from "fast-check";
import { from, lastValueFrom, type MonoTypeOperatorFunction } from "rxjs";
import {
  ASARI_MODEL,
  asariIn,
  filesOf,
  type ReleaseFiles,
  type ReleaseModel,
  WEHR_MODEL,
  wehrIn,
  WINGERT_MODEL,
  wingertIn,
} from "../support/release_models.ts";
import { headValues, packedFiles, unpackedFiles } from "./_containers.ts";
import type { FuzzReader } from "./readers.ts";
import { readbackOf, zarrReadback } from "./_readback.ts";
import { mutatedValues } from "./_values.ts";

/**
 * Readers of well-formed files with values that nobody has recorded: every
 * number and text of MAT, HDF5, CSV, JSON and the heads of what sinks write.
 */
export const FUZZ_READERS: readonly FuzzReader[] = [
  releaseReader("wehr", WEHR_MODEL, wehrIn, crcnsAc1Pipeline()),
  releaseReader(
    "asari",
    ASARI_MODEL,
    asariIn,
    crcnsAc1Pipeline({ stimuli: "waveform" }),
  ),
  releaseReader("wingert", WINGERT_MODEL, wingertIn, wingert2026Pipeline()),
  await readbackOf("ndjson", headValues("ndjson")),
  await readbackOf("npz", headValues("npz")),
  await readbackOf("safetensors", headValues("safetensors")),
  await zarrReadback(headValues("zarr")),
];

/** Reads a release from its first file to a dataset. */
function releaseReader(
  name: string,
  model: ReleaseModel,
  open: (files: ReleaseFiles) => readonly Session[] | Promise<Session[]>,
  pipeline: MonoTypeOperatorFunction<Session>,
): FuzzReader {
  const inputs: fc.Arbitrary<Uint8Array> = mutatedValues(model)
    .map((changed) => packedFiles(filesOf(changed)));
  return {
    name,
    inputs,
    read: async (bytes): Promise<void> => {
      const sessions = from(await open(unpackedFiles(bytes)));
      try {
        checkDataset(await lastValueFrom(sessions.pipe(pipeline, toDataset())));
      } catch (error) {
        if (!isOptionOfOtherData(error)) throw error;
      }
    },
  };
}

/** Whether a stimulus is sampled too slowly for the pipeline's default bands. */
function isOptionOfOtherData(error: unknown): boolean {
  return error instanceof RangeError &&
    error.message.startsWith("Cannot make a spectrogram: the band at ");
}

/** A value that came out must be one: finite, and of the bins that it states. */
function checkDataset({ stims, responses, nrnMasks }: NeuralDataset): void {
  for (const { data, shape } of stims) {
    const length = shape.reduce((product, size) => product * size, 1);
    if (data.length !== length) throw new Error(`${data.length} of ${shape}`);
    if (!data.every(Number.isFinite)) {
      throw new Error("a stimulus is not finite");
    }
  }
  // A pair that was never presented holds NaN.
  const masks = nrnMasks.flat();
  for (const [pair, { data }] of responses.flat().entries()) {
    if (!masks[pair] || data.every(Number.isFinite)) continue;
    throw new Error("a response is not finite");
  }
}
