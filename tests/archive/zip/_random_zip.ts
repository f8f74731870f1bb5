import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip-js/zip-js";
import { itemAt } from "../../support/item_at.ts";

/** A whole number below `n`. */
export type Below = (n: number) => number;

const NAMES = [
  "wehr/Summary.mat",
  "a b.txt",
  "caf\u00e9.txt",
  "\u97f3/\u{1f3b5}.bin",
  "Gu\u0308rteltier",
  "x".repeat(200),
  "deep/er/and/deeper/f",
  "\ufeffmark",
];

/** Zip of any kind that zip.js writes. */
export async function randomZip(below: Below): Promise<Uint8Array> {
  const target = new Uint8ArrayWriter();
  const writer = new ZipWriter(target, {
    useWebWorkers: false,
    useCompressionStream: false,
    zip64: below(4) === 0,
    keepOrder: true,
  });
  const count = below(NAMES.length + 1);
  for (let i = 0; i < count; i++) {
    const bytes = new Uint8Array(below(300)).map(() => below(4));
    await writer.add(itemAt(NAMES, i), new Uint8ArrayReader(bytes), {
      level: below(2) * 6,
      dataDescriptor: below(2) === 0,
      extendedTimestamp: below(2) === 0,
      zip64: below(4) === 0,
      useUnicodeFileNames: below(2) === 0,
      msDosCompatible: below(2) === 0,
      comment: "c".repeat(below(20)),
      ...(below(5) === 0 ? { unixMode: 0o120777 } : {}),
      ...(below(5) === 0 ? { password: "p", zipCrypto: true } : {}),
    });
  }
  if (below(3) === 0) {
    await writer.add("folder/", undefined, { directory: true });
  }
  await writer.close(new Uint8Array(below(3) * 20).fill(0x43));
  return withPrefix(await target.getData(), below(3) * below(100));
}

/** The same zip after a program. */
function withPrefix(zip: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length + zip.length).fill(0x23);
  longer.set(zip, length);
  return longer;
}

/** Values at which a field of a zip means something else. */
const EDGES = [0, 1, 20, 22, 45, 46, 0xfffe, 0xffff, 0xfffffffe, 0xffffffff];
const RECORDS = [
  [0x02014b50, 46],
  [0x06054b50, 22],
  [0x06064b50, 56],
  [0x07064b50, 20],
] as const;

/** Damages records of the directory and its end, a field or a few at a time. */
export function mutated(zip: Uint8Array, below: Below): Uint8Array {
  const bytes = zip.slice();
  const records = recordsOf(bytes);
  for (let edits = 1 + below(3); edits > 0; edits--) {
    const [at, length] = itemAt(records, below(records.length));
    mutateField(bytes, at + below(length + 40), below);
  }
  const cut = below(8);
  if (cut === 0) return bytes.slice(0, bytes.length - 1 - below(30));
  if (cut === 1) return withInserted(bytes, below);
  return bytes;
}

function mutateField(bytes: Uint8Array, at: number, below: Below): void {
  if (at + 4 > bytes.length) return;
  const view = new DataView(bytes.buffer);
  const wide = view.getUint32(at, true);
  const short = view.getUint16(at, true);
  const edge = itemAt(EDGES, below(EDGES.length));
  const step = below(2) * 2 - 1;
  const edits = [
    (): void => view.setUint8(at, below(256)),
    (): void => view.setUint16(at, edge, true),
    (): void => view.setUint32(at, edge, true),
    (): void => view.setUint16(at, short + step, true),
    (): void => view.setUint32(at, wide + step, true),
    (): void => view.setUint32(at, itemAt(RECORDS, below(4))[0], true),
  ];
  itemAt(edits, below(6))();
}

function withInserted(bytes: Uint8Array, below: Below): Uint8Array {
  const at = below(bytes.length);
  const length = 1 + below(80);
  const longer = new Uint8Array(bytes.length + length);
  longer.set(bytes.subarray(0, at));
  longer.set(bytes.subarray(at), at + length);
  return longer;
}

function recordsOf(bytes: Uint8Array): (readonly [number, number])[] {
  const view = new DataView(bytes.buffer);
  const found: (readonly [number, number])[] = [];
  for (let at = 0; at + 22 <= bytes.length; at++) {
    const record = RECORDS.find(([signature]) =>
      view.getUint32(at, true) === signature
    );
    if (record !== undefined) found.push([at, record[1]]);
  }
  return found;
}
