/** The worker of an HDF5 file: it alone runs the library, which can hang or break. */
import type { Stretch } from "../../../archive/bytes/stretches.ts";
import type { Limits } from "../../../base/limits.ts";
import { open } from "../../../platform/files.ts";
import { fileReason } from "../../../platform/file_reason.ts";
import { parentThread } from "../../../platform/threads.ts";
import { BlockFile } from "./_block_file.ts";
import { fetchSync } from "./_channel.ts";
import { changedFault, Fault, faultAfter } from "./_fault.ts";
import { Hdf5Library } from "./_library.ts";
import type {
  Ask,
  FilePlace,
  ObjectAsk,
  PlainFault,
  RemoteFile,
  Reply,
  Request,
} from "./_messages.ts";
import type { Hdf5Columns, Hdf5Data, Hdf5Reference } from "./model.ts";
import { Hdf5Objects } from "./_objects.ts";
import { Hdf5References } from "./_references.ts";
import { readRows } from "./_rows.ts";
import type { RandomFile } from "./file_node.ts";
import { WatchedFile } from "./_watched_file.ts";

/** Reads of the one file of this worker. */
interface Open {
  readonly limits: Limits;
  readonly library: Hdf5Library;
  readonly objects: Hdf5Objects;
  readonly references: Hdf5References;
  /** @throws {Fault} If the file is another one than was opened. */
  readonly checkSame: () => void;
  readonly close: () => void;
}

/** Kind of the object that an ask is for. */
const EXPECTED = {
  names: "group",
  group: "group",
  dataset: "dataset",
  read: "dataset",
} as const;

const parent = parentThread();
let library: Hdf5Library | undefined;
let opened: Open | undefined;
let watched: WatchedFile | undefined;
let last: Promise<unknown> = Promise.resolve();

parent?.listen((message) => {
  const { id, ask } = message as Request;
  last = last.then(() => answer(id, ask));
});

async function answer(id: number, ask: Ask): Promise<void> {
  try {
    watched?.restart();
    const value = await valueOf(ask);
    opened?.checkSame();
    reply({ id, value }, buffersOf(value));
  } catch (error) {
    reply({ id, fault: plainFault(error) });
  }
}

function reply(message: Reply, buffers: readonly ArrayBuffer[] = []): void {
  parent?.post(message, buffers);
}

async function valueOf(ask: Ask): Promise<unknown> {
  if (ask.what === "open") return await openFile(ask.place);
  if (ask.what === "close") return closeFile();
  return readValue(ask, opened as Open);
}

async function openFile({ from, limits, progress }: FilePlace): Promise<void> {
  closeFile();
  library ??= await Hdf5Library.load();
  Atomics.add(progress, 0, 1);
  const { file, size, ...rest } = typeof from === "string"
    ? await localFile(from)
    : remoteFile(from);
  const objects = new Hdf5Objects(library, limits);
  const references = new Hdf5References(objects);
  opened = { limits, library, objects, references, ...rest };
  watched = new WatchedFile(file, size, progress);
  library.open(watched, size, limits);
}

/** @returns Bytes of the library's memory. */
function closeFile(): number {
  try {
    library?.close();
  } catch (error) {
    throw error instanceof Fault ? faultAfter(error, "broken") : error;
  } finally {
    opened?.close();
    opened = undefined;
  }
  return library?.heapBytes ?? 0;
}

interface Found {
  readonly file: RandomFile;
  readonly size: number;
  readonly checkSame: () => void;
  readonly close: () => void;
}

async function localFile(path: string): Promise<Found> {
  const file = await open(path, { read: true });
  const { size, mtime } = file.statSync();
  const checkSame = (): void => {
    const now = file.statSync();
    const isSame = now.size === size &&
      now.mtime?.getTime() === mtime?.getTime();
    if (!isSame) throw changedFault();
  };
  return { file, size, checkSame, close: () => file.close() };
}

/** The other thread compares versions. */
function remoteFile({ size, memory }: RemoteFile): Found {
  const post = (fetch: Stretch): void => reply({ fetch });
  const file = new BlockFile(
    size,
    (offset, length) => fetchSync(memory, post, { offset, length }),
  );
  return { file, size, checkSame: () => {}, close: () => {} };
}

function readValue(
  ask: Exclude<Ask, { what: "open" | "close" }>,
  open: Open,
): unknown {
  const { objects, references } = open;
  switch (ask.what) {
    case "all":
      return ask.asks.map((one) => {
        watched?.restart();
        const kind = objects.kindOf(one.path);
        if (kind === null) return null;
        objects.checkKind(kind, one.path, EXPECTED[one.what]);
        return objectValue(one, open);
      });
    case "tree":
      objects.check(ask.path);
      return objects.tree(ask.path, ask.maxObjects);
    case "paths":
      return references.paths(ask.addresses);
    default:
      objects.check(ask.path, EXPECTED[ask.what]);
      return objectValue(ask, open);
  }
}

/** Answers for an object of the right kind. */
function objectValue(ask: ObjectAsk, open: Open): unknown {
  const { library, objects, references, limits } = open;
  switch (ask.what) {
    case "names":
      return objects.names(ask.path);
    case "group":
      return objects.group(ask.path, ask.attributes);
    case "dataset":
      return objects.dataset(ask.path, ask.attributes);
    case "read": {
      const { path, start, stop } = ask;
      const { shape, data } = readRows(library, objects, limits, {
        ...{ path, start, stop },
      });
      return { shape, data: named(data, references) };
    }
  }
}

/** Values with paths in the place of references. */
function named(data: Hdf5Data, references: Hdf5References): Hdf5Data {
  if (ArrayBuffer.isView(data)) return data;
  if (!Array.isArray(data)) {
    const columns = Object.entries(data as Hdf5Columns);
    return Object.fromEntries(
      columns.map(([name, column]) => [name, named(column, references)]),
    );
  }
  const [first] = data as readonly (string | Hdf5Reference | Hdf5Data)[];
  if (first === undefined || typeof first === "string") return data;
  if (!("address" in first) || typeof first.address !== "bigint") {
    return (data as readonly Hdf5Data[]).map((row) => named(row, references));
  }
  const all = data as readonly Hdf5Reference[];
  return references.paths(all.map(({ address }) => address));
}

/** Buffers of the arrays in a value, which move to the other thread. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}

function plainFault(error: unknown): PlainFault {
  if (error instanceof Fault) return error.plain;
  const message = `Cannot read HDF5: ${fileReason(error)}`;
  return { kind: "archive", message, after: "broken" };
}
