import {
  type MatArrayInput,
  type MatFieldsInput,
  writeMat,
} from "../mat/mat_writer.ts";
import type { SyntheticMember } from "../shared/zip.ts";

/**
 * MAT file. Its number selects among the variants of the release: plain or
 * deflated variables, byte order, order of the variables, stored or deflated
 * in the zip.
 */
export function matMember(
  path: string,
  number: number,
  variables: () => MatFieldsInput,
): SyntheticMember {
  const version = number % 2 === 0 ? "v7" : "v6";
  const byteOrder = number % 9 === 0 ? "big" : "little";
  const isReversed = number % 3 === 1;
  return {
    path,
    packing: (version === "v7") === (number % 7 !== 6) ? "store" : "deflate",
    bytes: () => {
      const fields = variables();
      return writeMat(isReversed ? reversed(fields) : fields, {
        version,
        byteOrder,
        description: "MATLAB 5.0 MAT-file, Platform: synthetic",
      });
    },
  };
}

/** Fields in reverse order. */
export function reversed(fields: MatFieldsInput): MatFieldsInput {
  return Object.fromEntries(Object.entries(fields).reverse());
}

/** Text file. */
export function textMember(path: string, text: string): SyntheticMember {
  return {
    path,
    packing: "deflate",
    bytes: () => new TextEncoder().encode(text),
  };
}

/** Row vector, or a column vector if the number is odd. */
export function vector(
  data: MatArrayInput["data"],
  number: number,
): MatArrayInput {
  return {
    data,
    dims: number % 2 === 0 ? [1, data.length] : [data.length, 1],
  };
}

/**
 * Waveform in one of the numeric types of the release. All types hold the same
 * unit, since their levels would differ by 90 dB otherwise.
 */
export function waveformArray(
  samples: Int16Array,
  number: number,
): MatArrayInput {
  switch (number % 8) {
    case 1:
      return { ...vector(samples, number), className: "double" };
    case 3:
      return vector(Float64Array.from(samples), number);
    case 6:
      return vector(Float32Array.from(samples), number);
    default:
      return vector(samples, number);
  }
}
