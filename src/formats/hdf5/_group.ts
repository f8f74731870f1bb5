import type { Hdf5Cursor } from "./_cursor.ts";
import { hdf5Messages, MESSAGE } from "./_dataset.ts";

/** B-tree of version 1. */
export interface Hdf5Tree {
  /** Name in errors. */
  readonly what: string;
  /** Address of its root node. */
  readonly root: number;
  /** Node type as stored: 0 for the links of a group, 1 for chunks. */
  readonly type: number;
  /** Most entries of a node. */
  readonly maxEntries: number;
  readonly keyBytes: number;
}

/** Entry of a leaf. */
export interface Hdf5TreeEntry {
  readonly key: Hdf5Cursor;
  /** Address that the entry points to. */
  readonly address: number;
}

const HEAD_BYTES = 24;
const ADDRESS_BYTES = 8;

/**
 * Entries of a tree's leaves in order; no node is visited twice.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.1.
 *
 * @throws {FormatError} If a node is of another tree, its level is not one below
 * its parent's, or it is reached twice.
 */
export function* hdf5TreeEntries(
  file: Hdf5Cursor,
  tree: Hdf5Tree,
): Generator<Hdf5TreeEntry> {
  const { what, type, maxEntries, keyBytes } = tree;
  const visited = new Set<number>();
  yield* nodeEntries(tree.root);

  function* nodeEntries(at: number, level?: number): Generator<Hdf5TreeEntry> {
    const node = file.at(at, HEAD_BYTES).signature("TREE");
    const found = { type: node.u8(), level: node.u8(), entries: node.u16() };
    if (
      found.type !== type || found.level !== (level ?? found.level) ||
      found.entries > maxEntries || visited.has(at)
    ) {
      const fields = JSON.stringify({ ...found, again: visited.has(at) });
      throw file.malformed(`${what} has a node out of place: ${fields}`, at);
    }
    visited.add(at);
    const length = found.entries * (keyBytes + ADDRESS_BYTES) + keyBytes;
    const entries = file.at(at + HEAD_BYTES, length);
    for (let i = 0; i < found.entries; i++) {
      const key = file.at(entries.position, keyBytes);
      const address = entries.skip(keyBytes).u64();
      if (found.level > 0) yield* nodeEntries(address, found.level - 1);
      else yield { key, address };
    }
  }
}

/** Place of the root group, and the width of its nodes. */
export interface Hdf5Root {
  /** Address of the object header. */
  readonly header: number;
  /** Half the links of a symbol node. */
  readonly leafK: number;
  /** Half the entries of a tree node. */
  readonly internalK: number;
}

const NODE_HEAD_BYTES = 8;
const SYMBOL_BYTES = 40;
const SYMBOLIC_LINK = 2;

/**
 * Reads the links of a group, which must be a symbol table.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.1, III.B to III.D.
 *
 * @returns Addresses of object headers by name, in the order of the file.
 * @throws {FormatError} If the group is damaged, or has a name twice.
 * @throws {UnsupportedError} If it is no symbol table, or has symbolic links.
 * @throws {LimitError} If it has more links, or longer names, than the limits
 * allow.
 */
export function hdf5Links(
  file: Hdf5Cursor,
  { header, leafK, internalK }: Hdf5Root,
): ReadonlyMap<string, number> {
  const what = "the root group";
  const table = hdf5Messages(file, header, what).get(MESSAGE.symbolTable);
  if (table === undefined) {
    throw file.unsupported(`${what} has no symbol table`, header);
  }
  const [root, heap] = [table.u64(), heapOf(file, table.u64())];
  const tree = { what, root, type: 0, maxEntries: 2 * internalK, keyBytes: 8 };
  const links = new Map<string, number>();
  for (const { address } of hdf5TreeEntries(file, tree)) {
    const node = file.at(address, NODE_HEAD_BYTES).signature("SNOD")
      .version("a symbol node", 1).skip(1);
    const count = node.u16();
    if (count > 2 * leafK) {
      throw file.malformed(`a symbol node has ${count} links`, address);
    }
    const symbols = file.at(node.position, count * SYMBOL_BYTES);
    for (let i = 0; i < count; i++) addLink(links, symbols, heap);
  }
  return links;
}

function heapOf(file: Hdf5Cursor, address: number): Hdf5Cursor {
  const heap = file.at(address, 32).signature("HEAP")
    .version("the heap of names", 0).skip(3);
  const size = heap.u64();
  return file.at(heap.skip(8).u64(), size);
}

function addLink(
  links: Map<string, number>,
  symbols: Hdf5Cursor,
  heap: Hdf5Cursor,
): void {
  const at = symbols.position;
  const name = heap.at(heap.position, heap.left).skip(symbols.u64()).text();
  const target = symbols.address();
  const type = symbols.u32();
  symbols.skip(20);
  if (type === SYMBOLIC_LINK || target === undefined) {
    throw symbols.unsupported(`"${name}" is a symbolic link`, at);
  }
  if (links.has(name)) throw symbols.malformed(`"${name}" is there twice`, at);
  if (links.size === symbols.limits.members) {
    throw symbols.excessive("it has more datasets", "members", at);
  }
  links.set(name, target);
}
