import { Fields, type GrowingFile } from "./_fields.ts";

/** Dataset in the root group. */
export interface Hdf5Link {
  /** ASCII. */
  readonly name: string;
  /** Address of the dataset's header. */
  readonly header: number;
}

/** Addresses of the parts of a group. */
export interface LinkedGroup {
  readonly rootHeader: number;
  readonly tree: number;
  readonly heap: number;
}

const UNDEFINED = -1;
const INTERNAL_K = 16;
const LEAF_K = 4;
/** Half of a node's capacity, as HDF5 fills it after a split. */
const LINKS_PER_NODE = LEAF_K;
const NODE_BYTES = 24 + (2 * INTERNAL_K) * 8 + (2 * INTERNAL_K + 1) * 8;
const TABLE_BYTES = 8 + 2 * LEAF_K * 40;
const NO_FREE_BLOCK = 1;

/**
 * Writes a symbol table: a header, a local heap of names, nodes of links in byte
 * order and a tree over the nodes, of two levels from some 130 links on.
 *
 * @param file Receives the parts.
 */
export function linkedGroup(
  links: readonly Hdf5Link[],
  file: GrowingFile,
): LinkedGroup {
  const { heap, offsets } = writeHeap(links, file);
  const sorted = [...links].sort((a, b) => a.name < b.name ? -1 : 1);
  const tables: Node[] = [];
  for (let i = 0; i < sorted.length; i += LINKS_PER_NODE) {
    const held = sorted.slice(i, i + LINKS_PER_NODE)
      .map(({ name, header }) => ({ name: offsets.get(name) ?? 0, header }));
    tables.push({
      address: file.append(symbolTable(held)),
      last: held.at(-1)?.name ?? 0,
    });
  }
  const tree = writeTree(tables, file);
  const message = new Fields(40)
    .raw([1, 0]).u16(1).u32(1, 24, 0).u16(0x11, 16).u32(0).u64(tree, heap);
  return { rootHeader: file.append(message.bytes), tree, heap };
}

/** Node below another. */
interface Node {
  readonly address: number;
  /** Heap offset of the node's last name. */
  readonly last: number;
}

function writeHeap(
  links: readonly Hdf5Link[],
  file: GrowingFile,
): { heap: number; offsets: Map<string, number> } {
  const offsets = new Map<string, number>();
  let size = 8;
  for (const { name } of links) {
    offsets.set(name, size);
    size += Math.ceil((name.length + 1) / 8) * 8;
  }
  const names = new Fields(size);
  for (const [name, offset] of offsets) names.at(offset).raw(name);
  const data = file.append(names.bytes);
  const heap = new Fields(32)
    .raw("HEAP").u32(0).u64(size, NO_FREE_BLOCK, data);
  return { heap: file.append(heap.bytes), offsets };
}

function symbolTable(
  links: readonly { readonly name: number; readonly header: number }[],
): Uint8Array {
  const table = new Fields(TABLE_BYTES).raw("SNOD").raw([1, 0])
    .u16(links.length);
  for (const { name, header } of links) table.u64(name, header, 0, 0, 0);
  return table.bytes;
}

function writeTree(tables: readonly Node[], file: GrowingFile): number {
  if (tables.length <= 2 * INTERNAL_K) {
    return file.append(treeNode(0, tables, 0, UNDEFINED, UNDEFINED));
  }
  const leaves: Node[] = [];
  let before = 0;
  for (let i = 0; i < tables.length; i += INTERNAL_K) {
    const held = tables.slice(i, i + INTERNAL_K);
    const isLast = i + INTERNAL_K >= tables.length;
    const left = leaves.at(-1)?.address ?? UNDEFINED;
    const right = isLast ? UNDEFINED : file.length + NODE_BYTES;
    const last = held.at(-1)?.last ?? before;
    const address = file.append(treeNode(0, held, before, left, right));
    leaves.push({ address, last });
    before = last;
  }
  return file.append(treeNode(1, leaves, 0, UNDEFINED, UNDEFINED));
}

/** @param before Heap offset of the last name in front of the node. */
function treeNode(
  level: number,
  children: readonly Node[],
  before: number,
  left: number,
  right: number,
): Uint8Array {
  const node = new Fields(NODE_BYTES)
    .raw("TREE").raw([0, level]).u16(children.length).u64(left, right, before);
  for (const { address, last } of children) node.u64(address, last);
  return node.bytes;
}
