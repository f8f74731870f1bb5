import type { TrainerState } from "./encoder_trainer.ts";

/** The best epoch so far. */
export interface BestEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** Score on the validation stimuli. */
  readonly ccNorm: number;
  readonly weights: readonly Float32Array[];
}

/** State from which a run continues with the same numbers. */
export interface Checkpoint {
  /** Settings that a run and its continuation share. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Number of finished epochs. */
  readonly epochs: number;
  readonly state: TrainerState;
  readonly best?: BestEpoch;
}

/** Writes a checkpoint; the file is complete at any time. */
export async function writeCheckpoint(
  path: string,
  checkpoint: Checkpoint,
): Promise<void> {
  const text = JSON.stringify(
    checkpoint,
    (_, value) =>
      value instanceof Float32Array || value instanceof Float64Array
        ? { [value.constructor.name]: base64(value) }
        : value,
  );
  await Deno.writeTextFile(`${path}.part`, text);
  await Deno.rename(`${path}.part`, path);
}

/**
 * Reads a checkpoint.
 *
 * @throws {RangeError} If the file is missing or belongs to another run.
 */
export async function readCheckpoint(
  path: string,
  settings: Checkpoint["settings"],
): Promise<Checkpoint> {
  const checkpoint = parsed(await textOf(path), path);
  const other = Object.keys(settings).find((name) =>
    JSON.stringify(settings[name]) !==
      JSON.stringify(checkpoint.settings?.[name])
  );
  if (other === undefined) return checkpoint;
  throw new RangeError(
    `Cannot resume: ${other} is not as in ${path}, expected the same run`,
  );
}

function parsed(text: string, path: string): Checkpoint {
  try {
    return JSON.parse(text, (_, value) => {
      const { Float32Array: single, Float64Array: double } = value ?? {};
      if (single !== undefined) return new Float32Array(bytesOf(single));
      if (double !== undefined) return new Float64Array(bytesOf(double));
      return value;
    });
  } catch (cause) {
    throw new RangeError(
      `Cannot resume: ${path} cannot be read, expected a checkpoint`,
      { cause },
    );
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new RangeError(
      `Cannot resume: ${path} is not there, expected a checkpoint`,
      { cause },
    );
  }
}

function base64(values: Float32Array | Float64Array): string {
  const { buffer, byteOffset, byteLength } = values;
  return new Uint8Array(buffer, byteOffset, byteLength).toBase64();
}

function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.fromBase64(text).buffer;
}
