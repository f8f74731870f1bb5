import { deflateZlib } from "../../platform/deflate.ts";
import { matrixElement } from "./_element.ts";
import type { MatFieldsInput } from "./_input.ts";
export type {
  MatArrayInput,
  MatCellInput,
  MatFieldsInput,
  MatInput,
  MatSamples,
  MatStructInput,
} from "./_input.ts";

/** Options of {@linkcode writeMat}. */
export interface MatWriteOptions {
  /**
   * `v7` deflates every variable, `v6` leaves it plain.
   *
   * @default {"v6"}
   */
  readonly version?: "v6" | "v7";
  /** @default {"little"} */
  readonly byteOrder?: "little" | "big";
  /**
   * Text at the start of the file, ASCII, at most 116 bytes.
   *
   * @default {"MATLAB 5.0 MAT-file"}
   */
  readonly description?: string;
}

const COMPRESSED = 15;
const HEADER_BYTES = 128;

/**
 * Lays variables out as a MATLAB level 5 file.
 *
 * - In and out: plain values in, one buffer out; no file is touched.
 * - Reference: "MAT-File Format" (MathWorks); SciPy 1.10 `loadmat` reads it.
 *
 * @param variables Values by name, in this order.
 * @param options Version and byte order.
 * @returns Bytes of the file.
 * @throws {RangeError} If `dims` do not match the number of values, structs of
 * one array differ in their fields, or a field name is over 31 characters.
 */
export function writeMat(
  variables: MatFieldsInput,
  options: MatWriteOptions = {},
): Uint8Array {
  const { version = "v6", byteOrder = "little" } = options;
  const { description = "MATLAB 5.0 MAT-file" } = options;
  const little = byteOrder === "little";
  const parts = Object.entries(variables).map(([name, value]) => {
    const plain = matrixElement(name, value, little);
    return version === "v7" ? compressed(plain, little) : plain;
  });
  return joined([header(description, little), ...parts]);
}

function header(description: string, little: boolean): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES).fill(32, 0, 116);
  bytes.set(new TextEncoder().encode(description).subarray(0, 116));
  const view = new DataView(bytes.buffer);
  view.setUint16(124, 0x0100, little);
  view.setUint16(126, 0x4d49, little);
  return bytes;
}

function compressed(element: Uint8Array, little: boolean): Uint8Array {
  const body = deflateZlib(element, "noise");
  const tag = new Uint8Array(8);
  const view = new DataView(tag.buffer);
  view.setUint32(0, COMPRESSED, little);
  view.setUint32(4, body.length, little);
  return joined([tag, body]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    parts.reduce((total, part) => total + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
