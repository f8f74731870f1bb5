import type { Hdf5Cursor } from "./_hdf5_cursor.ts";

/** A version 1 B-tree. */
export interface Hdf5Tree {
  /** What errors call it. */
  readonly what: string;
  /** Address of its root node. */
  readonly root: number;
  /** Node type as stored: 0 for the links of a group, 1 for chunks. */
  readonly type: number;
  /** Most entries of a node. */
  readonly maxEntries: number;
  readonly keyBytes: number;
}

/** A leaf's entry. */
export interface Hdf5TreeEntry {
  readonly key: Hdf5Cursor;
  /** What it points to. */
  readonly address: number;
}

const HEAD_BYTES = 24;
const ADDRESS_BYTES = 8;

/**
 * The entries of a tree's leaves in order; no node is visited twice.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.1.
 *
 * @throws {FormatError} If a node is none of the tree, or its level is not one
 * below its parent's, or it is reached twice.
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
