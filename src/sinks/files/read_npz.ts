import {
  type FileEntry,
  Reader,
  Uint8ArrayWriter,
  ZipReader,
} from "@zip-js/zip-js";
import {
  ArchiveError,
  DataError,
  type DataErrorPlace,
  FormatError,
  LimitError,
} from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import { type ArrayHead, storedShape } from "./array_record.ts";
import { npyHeader, NPZ_HEADS } from "./npz_format.ts";
import { openFile, type RandomFile } from "./open_file.ts";
import { parseHead, type Stored, valueCount } from "./stored_array.ts";

/** Most bytes of all heads together: JavaScript has no longer texts. */
const MAX_HEADS = 2 ** 29 - 25;

type Members = Map<string, FileEntry>;

/** Reads what `toNpz` has written, an array at a time. */
export async function* readNpz(
  path: string,
  { signal }: ReadOptions = {},
): AsyncGenerator<Stored> {
  using file = await openFile(path);
  const members = await membersOf(file);
  const heads = await readMember(members, NPZ_HEADS, path, MAX_HEADS);
  const lines = new TextDecoder().decode(heads).split("\n").slice(0, -1);
  for (const [i, line] of lines.entries()) {
    signal?.throwIfAborted();
    const head = parseLine(line, i + 1, path);
    if (head.type === "rest") yield { head };
    else yield { head, values: await readArray(members, head, path) };
  }
  const [member] = members.keys();
  if (member === undefined) return;
  throw new FormatError(
    "Cannot read NPZ: a member has no metadata: rxephys did not write it",
    { archive: path, member },
  );
}

async function membersOf(file: RandomFile): Promise<Members> {
  try {
    const zip = new ZipReader(new RandomFileReader(file), {
      useWebWorkers: false,
    });
    const entries = await zip.getEntries();
    const files = entries.filter((entry) => !entry.directory);
    checkSizes(files, file);
    return new Map(files.map((entry) => [entry.filename, entry]));
  } catch (error) {
    throw zipError(error, { archive: file.path });
  }
}

/** Members are stored as they are: together they are no more than their zip. */
function checkSizes(
  entries: readonly FileEntry[],
  { path, size }: RandomFile,
): void {
  let total = 0;
  for (const { filename, compressionMethod, uncompressedSize } of entries) {
    const place = { archive: path, member: filename };
    if (compressionMethod !== 0) {
      throw new FormatError(
        "Cannot read NPZ: a member is compressed: rxephys did not write it",
        place,
      );
    }
    total += uncompressedSize;
    if (total <= size) continue;
    throw new LimitError(
      `Cannot read NPZ: its members claim over ${total} bytes of ${size}`,
      place,
    );
  }
}

function parseLine(
  line: string,
  number: number,
  archive: string,
): ReturnType<typeof parseHead> {
  const place = { archive, member: NPZ_HEADS };
  try {
    return parseHead(JSON.parse(line), place);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new FormatError(`Cannot read NPZ: line ${number} is no JSON`, {
      ...place,
      cause,
    });
  }
}

async function readArray(
  members: Members,
  head: ArrayHead,
  archive: string,
): Promise<Float32Array> {
  const member = `${head.name}.npy`;
  const npy = npyHeader(storedShape(head));
  const size = npy.length + 4 * valueCount(head);
  const bytes = await readMember(members, member, archive, size);
  const isAsSaid = bytes.length === size &&
    npy.every((byte, i) => bytes[i] === byte);
  if (!isAsSaid) {
    throw new FormatError(
      "Cannot read NPZ: an array is not what its metadata say",
      { archive, member },
    );
  }
  return new Float32Array(bytes.slice(npy.length).buffer);
}

/** Takes a member out of the list and reads it. */
async function readMember(
  members: Members,
  member: string,
  archive: string,
  most: number,
): Promise<Uint8Array> {
  const place = { archive, member };
  const entry = members.get(member);
  if (entry === undefined) {
    throw new FormatError("Cannot read NPZ: a member is missing", place);
  }
  members.delete(member);
  const { uncompressedSize: size } = entry;
  if (size > most) {
    throw new LimitError(
      `Cannot read NPZ: a member claims ${size} bytes, expected at most ${most}`,
      place,
    );
  }
  try {
    const writer = new Uint8ArrayWriter();
    return await entry.getData(writer, { checkSignature: true });
  } catch (error) {
    throw zipError(error, place);
  }
}

function zipError(error: unknown, place: DataErrorPlace): unknown {
  if (!(error instanceof Error) || error instanceof DataError) return error;
  return new ArchiveError(`Cannot read NPZ: ${error.message}`, {
    ...place,
    cause: error,
  });
}

class RandomFileReader extends Reader<RandomFile> {
  readonly #file: RandomFile;

  constructor(file: RandomFile) {
    super(file);
    this.#file = file;
    this.size = file.size;
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return this.#file.readAt(offset, Math.min(length, this.size - offset));
  }
}
