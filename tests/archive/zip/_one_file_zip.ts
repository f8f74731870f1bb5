/** Fields of a {@linkcode oneFileZip}. */
export interface OneFile {
  /** Path as stored. */
  readonly name: Uint8Array;
  readonly flags?: number;
  readonly method?: number;
  /** Extra field of the directory. */
  readonly extra?: Uint8Array;
  /** Sizes, place and disk in the directory's header. */
  readonly packedSize?: number;
  readonly size?: number;
  readonly offset?: number;
  readonly disk?: number;
  /** Bytes of the directory after its header. */
  readonly behind?: Uint8Array;
  /** Bytes between the directory and its end. */
  readonly between?: Uint8Array;
}

/** Zip of one empty file, with any field set. */
export function oneFileZip(file: OneFile): Uint8Array {
  const { name, flags = 0, method = 0, extra = new Uint8Array() } = file;
  const { behind = new Uint8Array(), between = new Uint8Array() } = file;
  const local = new DataView(new ArrayBuffer(30));
  local.setUint32(0, 0x04034b50, true);
  local.setUint16(6, flags, true);
  local.setUint16(8, method, true);
  local.setUint16(26, name.length, true);
  const central = new DataView(new ArrayBuffer(46));
  central.setUint32(0, 0x02014b50, true);
  central.setUint16(8, flags, true);
  central.setUint16(10, method, true);
  central.setUint32(20, file.packedSize ?? 0, true);
  central.setUint32(24, file.size ?? 0, true);
  central.setUint16(28, name.length, true);
  central.setUint16(30, extra.length, true);
  central.setUint16(34, file.disk ?? 0, true);
  central.setUint32(42, file.offset ?? 0, true);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, 1, true);
  end.setUint16(10, 1, true);
  end.setUint32(12, 46 + name.length + extra.length + behind.length, true);
  end.setUint32(16, 30 + name.length, true);
  return joined(local, name, central, name, extra, behind, between, end);
}

/** Extra field: its head and its data. */
export function extraOf(kind: number, data: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(4));
  head.setUint16(0, kind, true);
  head.setUint16(2, data.length, true);
  return joined(head, data);
}

/** All bytes, one part after the other. */
export function joined(...parts: (Uint8Array | DataView)[]): Uint8Array {
  const lengths = parts.map(({ byteLength }) => byteLength);
  const bytes = new Uint8Array(lengths.reduce((sum, n) => sum + n, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}
