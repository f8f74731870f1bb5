import { inflateSync } from "node:zlib";
import {
  type MatFieldsInput,
  type MatInput,
  writeMat,
} from "../../../src/synthetic/mat/mat_writer.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { WRITER_CASE, WRITER_LAYOUTS } from "./_mat_writer_case.ts";
import { itemAt } from "../../support/item_at.ts";

const FIXTURES = new URL("../../fixtures/mat_writer/", import.meta.url);
const HEADER_BYTES = 128;
const COMPRESSED = 15;

interface SciPyRead {
  readonly header: string;
  readonly classes: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

const scipy: Readonly<Record<string, SciPyRead>> = JSON.parse(
  Deno.readTextFileSync(new URL("scipy.json", FIXTURES)),
);

for (const layout of WRITER_LAYOUTS) {
  const name = `${layout.version}-${layout.byteOrder}`;

  Deno.test(`writeMat ${name}: writes the bytes that SciPy read`, () => {
    const bytes = writeMat(WRITER_CASE, layout);
    const known = Deno.readFileSync(new URL(`${name}.mat`, FIXTURES));
    assertEquals(elements(bytes), elements(known));
  });

  Deno.test(`writeMat ${name}: SciPy read the values`, () => {
    const { header, classes, values } = itemAt(scipy, name);
    assertEquals(header, "MATLAB 5.0 MAT-file");
    assertEquals(classes, classesOf(WRITER_CASE));
    assertEquals(
      values,
      Object.fromEntries(
        Object.entries(WRITER_CASE).map(([key, value]) => [key, read(value)]),
      ),
    );
  });
}

Deno.test("writeMat: deflates each variable separately", () => {
  const plain = elements(writeMat(WRITER_CASE));
  const deflated = writeMat(WRITER_CASE, { version: "v7" });
  assertEquals(elements(deflated), plain);
  assertEquals(new DataView(deflated.buffer).getUint32(128, true), COMPRESSED);
});

Deno.test("writeMat: large noise survives the fast deflate", () => {
  const data = Int16Array.from({ length: 100_000 }, (_, i) => i * i);
  const variables = { trace: { data, dims: [1, data.length] } };
  assertEquals(
    elements(writeMat(variables, { version: "v7" })),
    elements(writeMat(variables)),
  );
});

Deno.test("writeMat: accepts a view into a buffer", () => {
  const data = Int16Array.of(9, 1, 2, 3, 9).subarray(1, 4);
  const whole = writeMat({ x: { data: data.slice(), dims: [3, 1] } });
  assertEquals(writeMat({ x: { data, dims: [3, 1] } }), whole);
});

Deno.test("writeMat: truncates a long description", () => {
  const bytes = writeMat({}, { description: "d".repeat(300) });
  assertEquals(bytes.length, HEADER_BYTES);
  assertEquals(bytes[115], "d".charCodeAt(0));
  assertEquals(bytes[116], 0);
});

Deno.test("writeMat: refuses dims, fields and names that do not fit", () => {
  const cases: [MatInput, string][] = [
    [
      { data: new Int8Array(3), dims: [2, 2] },
      "Cannot write MAT array: dims is [2,2], expected two or more that make 3",
    ],
    [
      { data: new Int8Array(3), dims: [3] },
      "Cannot write MAT array: dims is [3], expected two or more that make 3",
    ],
    [
      { cells: [1], dims: [1, 2] },
      "Cannot write MAT array: dims is [1,2], expected two or more that make 1",
    ],
    [
      { structs: [{ a: 1 }, { b: 1 }], dims: [1, 2] },
      "Cannot write MAT struct: fields is [b], expected [a]",
    ],
    [
      { [`x${"y".repeat(31)}`]: 1 },
      `Cannot write MAT struct: field is "x${"y".repeat(31)}", ` +
      "expected 31 characters or less",
    ],
  ];
  for (const [value, message] of cases) {
    assertThrows(() => writeMat({ value }), RangeError, message);
  }
});

/** The header, then the element of each variable, inflated if needed. */
function elements(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = view.getUint16(126, true) === 0x4d49;
  const parts = [bytes.slice(0, HEADER_BYTES)];
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const end = at + 8 + view.getUint32(at + 4, little);
    const isDeflated = view.getUint32(at, little) === COMPRESSED;
    parts.push(
      isDeflated
        ? new Uint8Array(inflateSync(bytes.subarray(at + 8, end)))
        : bytes.slice(at, end),
    );
    at = end;
  }
  return parts;
}

function classesOf(variables: MatFieldsInput): Record<string, string> {
  const named: Record<string, string> = {
    number: "double",
    text: "char",
    noText: "char",
    cube: "int16",
    short: "double",
    empty: "double",
    structs: "struct",
    cells: "cell",
  };
  return Object.fromEntries(
    Object.keys(variables).map((name) => [name, named[name] ?? name]),
  );
}

const STORED: readonly (readonly [new () => unknown, string])[] = [
  [Int8Array, "int8"],
  [Uint8Array, "uint8"],
  [Int16Array, "int16"],
  [Uint16Array, "uint16"],
  [Int32Array, "int32"],
  [Uint32Array, "uint32"],
  [Float32Array, "float32"],
  [Float64Array, "float64"],
];

/** Value in the form of the reference script. */
function read(value: MatInput): unknown {
  if (typeof value === "number") {
    return { stored: "float64", values: [value], dims: [1, 1] };
  }
  if (typeof value === "string") return { text: value === "" ? [] : [value] };
  const { data, cells, structs, dims } = value as Record<string, unknown>;
  if (ArrayBuffer.isView(data)) {
    const [, stored] = STORED.find(([Kind]) => data instanceof Kind) ?? [];
    return { stored, values: [...data as unknown as number[]], dims };
  }
  if (cells) return { cells: (cells as MatInput[]).map(read), dims };
  if (structs) {
    return { structs: (structs as MatFieldsInput[]).map(readFields), dims };
  }
  return { structs: [readFields(value as MatFieldsInput)], dims: [1, 1] };
}

function readFields(fields: MatFieldsInput): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, read(field)]),
  );
}
