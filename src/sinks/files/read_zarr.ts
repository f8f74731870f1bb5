import {
  ArchiveError,
  type DataErrorPlace,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import { type ArrayHead, storedShape } from "./array_record.ts";
import { isFields } from "./head_fields.ts";
import {
  type ArrayReadOptions,
  parseHead,
  type Stored,
  valueCount,
} from "./stored_array.ts";
import { openInside, type RandomFile } from "./open_file.ts";
import { chunkShape, LITTLE_ENDIAN } from "./zarr_format.ts";

/** Place of an array in a Zarr folder. */
type ZarrPlace = DataErrorPlace & { readonly archive: string };

/** Reads a folder of `toZarr`, one array at a time. */
export async function* readZarr(
  path: string,
  { signal, limits }: ArrayReadOptions,
): AsyncGenerator<Stored> {
  const { rest, nodes } = await readRoot(path, limits);
  for (const head of headsOf(nodes, path, limits)) {
    signal?.throwIfAborted();
    const place = { archive: path, member: head.name };
    yield { head, values: await readArray(head, place) };
  }
  if (rest === undefined) return;
  const head = parseHead(
    rest,
    { archive: path, member: "zarr.json" },
    limits,
  );
  if (head.type === "rest") yield { head };
}

/** Checked heads of all arrays, in the order in which they were written. */
function headsOf(
  nodes: Readonly<Record<string, unknown>>,
  archive: string,
  limits: Limits,
): ArrayHead[] {
  const heads: { head: ArrayHead; order: number }[] = [];
  for (const [member, node] of Object.entries(nodes)) {
    const place = { archive, member };
    if (!isFields(node)) throw formatError("metadata are no object", place);
    if (node.node_type !== "array") continue;
    const head = parseHead(node.attributes, place, limits);
    if (head.type === "rest" || head.name !== member) {
      throw formatError("attributes are of another array", place);
    }
    checkLayout(node, head, place);
    heads.push({ head, order: orderOf(node.attributes, place) });
  }
  return heads.sort((a, b) => a.order - b.order).map(({ head }) => head);
}

function orderOf(attributes: unknown, place: DataErrorPlace): number {
  const { order } = isFields(attributes) ? attributes : {};
  if (typeof order === "number") return order;
  throw formatError("order is no number", place);
}

async function readRoot(
  archive: string,
  limits: Limits,
): Promise<{ rest: unknown; nodes: Readonly<Record<string, unknown>> }> {
  const place = { archive, member: "zarr.json" };
  using file = await openInside(archive, place.member);
  checkRootSize(file, place, limits);
  const text = new TextDecoder().decode(await file.readAt(0, file.size));
  let group: unknown;
  try {
    group = JSON.parse(text);
  } catch (cause) {
    throw formatError("its metadata are no JSON", place, cause);
  }
  const { attributes, consolidated_metadata: all } = isFields(group)
    ? group
    : {};
  const nodes = isFields(all) ? all.metadata : undefined;
  if (isFields(nodes) && isFields(attributes)) {
    checkCount(nodes, place, limits);
    return { rest: attributes.rest, nodes };
  }
  throw formatError("its metadata are not consolidated", place);
}

function checkRootSize(
  { size }: RandomFile,
  place: DataErrorPlace,
  limits: Limits,
): void {
  if (size <= limits.directoryBytes) return;
  throw new LimitError(
    `Cannot read Zarr: its metadata have ${size} bytes: ` +
      limitText(limits, "directoryBytes"),
    place,
  );
}

function checkCount(
  nodes: object,
  place: DataErrorPlace,
  limits: Limits,
): void {
  const { length } = Object.keys(nodes);
  if (length <= limits.members) return;
  throw new LimitError(
    `Cannot read Zarr: it lists ${length} arrays and groups: ` +
      limitText(limits, "members"),
    place,
  );
}

/** Refuses an array whose layout is not the one that `toZarr` writes. */
function checkLayout(
  node: Readonly<Record<string, unknown>>,
  head: ArrayHead,
  place: DataErrorPlace,
): void {
  const shape = storedShape(head);
  const chunks = { chunk_shape: chunkShape(shape) };
  const expected = {
    shape,
    data_type: "float32",
    chunk_grid: { name: "regular", configuration: chunks },
    codecs: LITTLE_ENDIAN,
  };
  for (const [key, value] of Object.entries(expected)) {
    if (isSame(node[key], value)) continue;
    throw formatError(`${key} of an array is not what was written`, place);
  }
}

/** Compares JSON values; the depth of the recursion is that of `expected`. */
function isSame(value: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null) {
    return value === expected;
  }
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(expected);
  return keys.length === Object.keys(value).length &&
    keys.every((key) =>
      isSame(
        (value as Record<string, unknown>)[key],
        (expected as Record<string, unknown>)[key],
      )
    );
}

/** Chunks divide the last axis and span all others. */
async function readArray(
  head: ArrayHead,
  place: ZarrPlace,
): Promise<Float32Array> {
  const values = valueCount(head);
  if (values === 0) return new Float32Array(0);
  const shape = storedShape(head);
  const length = shape.at(-1) ?? 1;
  const width = chunkShape(shape).at(-1) ?? 1;
  const rows = values / length;
  const chunks: Float32Array[] = [];
  for (let i = 0; i * width < length; i++) {
    const key = [...shape.slice(1).fill(0), i].join("/");
    const path = `${head.name}/c/${key}`;
    chunks.push(await readChunk(path, rows * width, place));
  }
  const [only, ...others] = chunks;
  if (only !== undefined && others.length === 0) return only;
  return joined(chunks, rows, length, width);
}

/** Joins chunks; the last one is padded to the width of the others. */
function joined(
  chunks: readonly Float32Array[],
  rows: number,
  length: number,
  width: number,
): Float32Array {
  const out = new Float32Array(rows * length);
  for (const [i, chunk] of chunks.entries()) {
    const count = Math.min(width, length - i * width);
    for (let row = 0; row < rows; row++) {
      const start = row * width;
      const values = chunk.subarray(start, start + count);
      out.set(values, row * length + i * width);
    }
  }
  return out;
}

/** Zarr's own readers take a missing chunk for zeros; here it is an error. */
async function readChunk(
  path: string,
  values: number,
  place: ZarrPlace,
): Promise<Float32Array> {
  using file = await openInside(place.archive, path).catch((cause) => {
    if (cause instanceof UnsupportedError) throw cause;
    throw new ArchiveError("Cannot read Zarr: a chunk is missing", {
      ...place,
      cause,
    });
  });
  if (file.size !== 4 * values) {
    throw new ArchiveError(
      `Cannot read Zarr: a chunk has ${file.size} bytes, expected ${
        4 * values
      }`,
      place,
    );
  }
  return new Float32Array((await file.readAt(0, file.size)).buffer);
}

function formatError(
  why: string,
  place: DataErrorPlace,
  cause?: unknown,
): FormatError {
  return new FormatError(`Cannot read Zarr: ${why}`, { ...place, cause });
}
