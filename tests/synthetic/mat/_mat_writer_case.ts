import type { MatFieldsInput } from "../../../src/synthetic/mat/mat_writer.ts";

/** One value of every kind that the writer supports, also of awkward length. */
export const WRITER_CASE: MatFieldsInput = {
  number: -1.5,
  text: "na\u00efve text",
  noText: "",
  int8: { data: Int8Array.of(-128, 127, 3), dims: [1, 3] },
  uint8: { data: Uint8Array.of(0, 255, 7, 8, 9), dims: [5, 1] },
  int16: { data: Int16Array.of(-32768, 32767), dims: [1, 2] },
  uint16: { data: Uint16Array.of(65535), dims: [1, 1] },
  int32: { data: Int32Array.of(-2147483648, 5, 6), dims: [3, 1] },
  uint32: { data: Uint32Array.of(4294967295), dims: [1, 1] },
  single: { data: Float32Array.of(0.5, -0.25, 3, 4, 5, 6), dims: [2, 3] },
  double: { data: Float64Array.of(1e300, -1e-300, 0.1), dims: [3, 1] },
  cube: {
    data: Int16Array.from({ length: 24 }, (_, i) => i - 12),
    dims: [2, 3, 4],
  },
  short: { data: Int16Array.of(-3, 400), dims: [1, 2], className: "double" },
  empty: { data: new Float64Array(0), dims: [0, 0] },
  struct: { a: 1, nested: { deep: { word: "in" } } },
  structs: {
    structs: [
      { file: "class1\\2.mat", longest_name_that_matlab_allows: 1 },
      { file: "c", longest_name_that_matlab_allows: 2 },
    ],
    dims: [1, 2],
  },
  cells: {
    cells: ["x", { y: 2 }, { cells: [3], dims: [1, 1] }, 4],
    dims: [2, 2],
  },
};

/** Layouts of the fixtures. */
export const WRITER_LAYOUTS = [
  { version: "v6", byteOrder: "little" },
  { version: "v6", byteOrder: "big" },
  { version: "v7", byteOrder: "little" },
  { version: "v7", byteOrder: "big" },
] as const;
