import { brotliDecompressSync } from "node:zlib";
import { itemAt } from "../item_at.ts";

/**
 * Results of SciPy 1.10.1 and NumPy 1.24.2 for 77 inputs, awkward sizes included:
 * JSON, packed by brotli because it stores repeated inputs once.
 */
const FILE = new URL("../../fixtures/operators.json.br", import.meta.url);

interface Packed {
  readonly dtype: "f8" | "f4";
  readonly shape: readonly number[];
  readonly b64: string;
}

interface Case {
  readonly op: string;
  readonly params: GoldenParams;
  readonly input: unknown;
  readonly output: unknown;
}

/** Arguments of the kernels, by name; each case has those of its kernel. */
type GoldenParams = Readonly<
  Record<
    | "bandsPerOctave"
    | "clipMedianMs"
    | "detrendGaussMs"
    | "detrendMedianMs"
    | "dtMs"
    | "fmaxHz"
    | "fminHz"
    | "gaussMs"
    | "maxSplits"
    | "medianMs"
    | "minMs"
    | "rampMs"
    | "sampleRateHz"
    | "sigma"
    | "size"
    | "smoothMs"
    | "stepMv"
    | "thresholdSigma"
    | "truncate",
    number
  >
>;

/** An array of the golden file, unpacked. */
export interface GoldenArray {
  readonly data: Float64Array | Float32Array;
  readonly shape: readonly number[];
}

/** A case of an operation from array to array. */
export interface GoldenCase<Input = GoldenArray, Output = GoldenArray> {
  readonly name: string;
  readonly params: GoldenParams;
  readonly input: Input;
  readonly output: Output;
}

let cases: readonly Case[] | undefined;

/**
 * Every golden case of an operation, with all arrays unpacked.
 *
 * @throws {RangeError} If there is no case: such a test would check nothing.
 */
export function goldenCases<Input = GoldenArray, Output = GoldenArray>(
  op: string,
): GoldenCase<Input, Output>[] {
  cases ??= JSON.parse(
    new TextDecoder().decode(brotliDecompressSync(Deno.readFileSync(FILE))),
  ).cases as Case[];
  const found = cases.filter((one) => one.op === op);
  if (found.length === 0) {
    throw new RangeError(
      `Cannot find golden cases: op is ${op}, expected one of the file's`,
    );
  }
  return found.map(({ params, input, output }, i) => ({
    name: `${op} ${i}: ${JSON.stringify(params)}`,
    params,
    input: unpacked(input) as Input,
    output: unpacked(output) as Output,
  }));
}

/** The rows of a golden matrix `[R, T]`. */
export function goldenRows({ data, shape }: GoldenArray): Float64Array[] {
  const [rows, columns] = [itemAt(shape, 0), itemAt(shape, 1)];
  return Array.from(
    { length: rows },
    (_, i) => Float64Array.from(data.subarray(i * columns, (i + 1) * columns)),
  );
}

/**
 * Whether SciPy 1.10's `median_filter` read outside the trace: in mode `reflect`
 * an offset of exactly -4, -6, ... lengths becomes -1, one sample before the
 * array (`NI_InitFilterOffsets`). The value there differs between runs. The golden
 * case of 37 samples holds two such values (1.5e-321), and the detrending made from
 * it is off by as much.
 */
export function isReadOutside(samples: number, window: number): boolean {
  return samples > 1 && Math.floor(window / 2) >= 4 * samples;
}

function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked);
  return isPacked(value) ? unpackedArray(value) : value;
}

function isPacked(value: unknown): value is Packed {
  return typeof value === "object" && value !== null && "b64" in value;
}

function unpackedArray({ dtype, shape, b64 }: Packed): GoldenArray {
  const bytes = Uint8Array.from(atob(b64), (char) => char.charCodeAt(0));
  const data = dtype === "f8"
    ? new Float64Array(bytes.buffer)
    : new Float32Array(bytes.buffer);
  return { data, shape };
}
