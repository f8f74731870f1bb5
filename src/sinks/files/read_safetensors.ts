import {
  ArchiveError,
  type DataErrorOptions,
  type DataErrorPlace,
  FormatError,
  LimitError,
} from "../../errors.ts";
import { type ArrayHead, storedShape } from "./array_record.ts";
import { openFile, type RandomFile } from "./open_file.ts";
import {
  type ArrayReadOptions,
  parseHead,
  type Stored,
  type StoredArrays,
  valueCount,
} from "./stored_array.ts";
import { MAX_HEADER_BYTES, REST } from "./safetensors_format.ts";

interface Header {
  readonly tensors: Readonly<Record<string, unknown>>;
  readonly heads: Readonly<Record<string, unknown>>;
  /** Byte of the file where the data start. */
  readonly data: number;
}

/** Reads a file of `toSafetensors`, one tensor at a time. */
export async function* readSafetensors(
  path: string,
  options: ArrayReadOptions,
): AsyncGenerator<Stored> {
  using arrays = await openSafetensors(path, options);
  for (let i = 0; i < arrays.count; i++) {
    options.signal?.throwIfAborted();
    yield await arrays.read(i);
  }
}

/** Opens a file of `toSafetensors`. In memory: its header. */
export async function openSafetensors(
  path: string,
  { limits }: ArrayReadOptions,
): Promise<StoredArrays> {
  using opened = new DisposableStack();
  const file = opened.use(await openFile(path));
  const { tensors, heads, data } = await readHeader(file);
  const names = Object.keys(heads);
  const files = opened.move();
  return {
    count: names.length,
    async read(index, { signal } = {}): Promise<Stored> {
      signal?.throwIfAborted();
      const name = names[index] ?? "";
      const place = { archive: path, member: name };
      const head = parseHead(parsed(heads[name], place), place, limits);
      if (head.type === "rest" && name === REST) return { head };
      if (head.type === "rest" || head.name !== name) {
        throw formatError("metadata are of another name", place);
      }
      const start = data + startOf(tensors[name], head, place);
      const bytes = await file.readAt(start, 4 * valueCount(head));
      return { head, values: new Float32Array(bytes.buffer) };
    },
    [Symbol.dispose]: () => files.dispose(),
  };
}

async function readHeader(file: RandomFile): Promise<Header> {
  const place = { archive: file.path, offset: 0 };
  const prefix = new DataView((await file.readAt(0, 8)).buffer);
  const length = Number(prefix.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) {
    throw new LimitError(
      `Cannot read safetensors: its header has ${length} bytes, ` +
        `${MAX_HEADER_BYTES} are the most`,
      place,
    );
  }
  const text = new TextDecoder().decode(await file.readAt(8, length));
  const header = parsed(text, { ...place, offset: 8 });
  const { __metadata__: heads = {}, ...tensors } = asObject(header, place);
  const known = asObject(heads, place);
  checkTensors(tensors, known, file, 8 + length);
  return { tensors, heads: known, data: 8 + length };
}

/** Refuses a truncated file and tensors without metadata. */
function checkTensors(
  tensors: Header["tensors"],
  heads: Header["heads"],
  file: RandomFile,
  data: number,
): void {
  let end = 0;
  for (const [member, tensor] of Object.entries(tensors)) {
    const place = { archive: file.path, member };
    if (!Object.hasOwn(heads, member)) {
      throw formatError(
        "a tensor has no metadata: rxephys did not write it",
        place,
      );
    }
    const [start, next] = offsetsOf(tensor, place);
    if (start !== end) {
      throw formatError("tensors leave holes or overlap", place);
    }
    end = next;
  }
  if (data + end === file.size) return;
  throw new ArchiveError(
    `Cannot read safetensors: it has ${file.size} bytes, not ${data + end}`,
    { archive: file.path, offset: file.size },
  );
}

function startOf(
  tensor: unknown,
  head: ArrayHead,
  place: DataErrorPlace,
): number {
  const [start, end] = offsetsOf(tensor, place);
  const { dtype, shape } = asObject(tensor, place);
  const expected = storedShape(head);
  const isSame = dtype === "F32" && end - start === 4 * valueCount(head) &&
    Array.isArray(shape) && shape.length === expected.length &&
    expected.every((length, axis) => shape[axis] === length);
  if (!isSame) {
    throw formatError("a tensor is not what its metadata say", place);
  }
  return start;
}

function offsetsOf(
  tensor: unknown,
  place: DataErrorPlace,
): [start: number, end: number] {
  const { data_offsets: offsets } = asObject(tensor, place);
  const isRange = Array.isArray(offsets) && offsets.length === 2 &&
    offsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0) &&
    offsets[0] <= offsets[1];
  if (!isRange) throw formatError("offsets are no range", place);
  return [offsets[0], offsets[1]];
}

function parsed(text: unknown, place: DataErrorPlace): unknown {
  if (typeof text !== "string") {
    throw formatError("metadata are no text", place);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw formatError("its header is no JSON", { ...place, cause });
  }
}

function asObject(
  value: unknown,
  place: DataErrorPlace,
): Record<string, unknown> {
  if (typeof value === "object" && value !== null) {
    return value as Record<string, unknown>;
  }
  throw formatError("its header is of another form", place);
}

function formatError(
  why: string,
  place: DataErrorOptions,
): FormatError {
  return new FormatError(`Cannot read safetensors: ${why}`, place);
}
