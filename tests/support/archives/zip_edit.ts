/** Offsets of the records of one member. */
export interface ZipRecords {
  readonly path: string;
  /** Offset of its record in the directory. */
  readonly central: number;
  /** Offset of its local header. */
  readonly local: number;
  /** Offset of its data. */
  readonly data: number;
}

/** A zip to damage: the offsets of its records, and writes of 2 and 4 bytes. */
export class ZipEdit {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Offset of the end record; the zip must have no comment. */
  readonly end: number;
  readonly records: readonly ZipRecords[];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.end = bytes.length - 22;
    this.records = this.#walk();
  }

  /** Offsets of a member's records. */
  of(path: string): ZipRecords {
    const found = this.records.find((record) => record.path === path);
    if (found === undefined) throw new RangeError(`no member ${path}`);
    return found;
  }

  /** Changes a 2-byte field. */
  u16(at: number, change: (old: number) => number): this {
    this.view.setUint16(at, change(this.view.getUint16(at, true)), true);
    return this;
  }

  /** Changes a 4-byte field. */
  u32(at: number, change: (old: number) => number): this {
    this.view.setUint32(at, change(this.view.getUint32(at, true)), true);
    return this;
  }

  /** Changes a field in both headers, by its offset in the local one. */
  both(
    path: string,
    localField: number,
    size: 2 | 4,
    change: (old: number) => number,
  ): this {
    const { local, central } = this.of(path);
    const edit = size === 2 ? this.u16 : this.u32;
    edit.call(this, local + localField, change);
    edit.call(this, central + localField + 2, change);
    return this;
  }

  /** Renames a member to a path of the same length. */
  rename(path: string, to: string): this {
    const { local, central } = this.of(path);
    const bytes = new TextEncoder().encode(to);
    if (bytes.length !== new TextEncoder().encode(path).length) {
      throw new RangeError(`${to} is not as long as ${path}`);
    }
    this.bytes.set(bytes, local + 30);
    this.bytes.set(bytes, central + 46);
    return this;
  }

  #walk(): ZipRecords[] {
    const { view } = this;
    const records: ZipRecords[] = [];
    let central = view.getUint32(this.end + 16, true);
    while (central < this.end) {
      const nameEnd = central + 46 + view.getUint16(central + 28, true);
      const local = view.getUint32(central + 42, true);
      const extra = view.getUint16(local + 28, true);
      records.push({
        path: new TextDecoder().decode(
          this.bytes.subarray(central + 46, nameEnd),
        ),
        central,
        local,
        data: local + 30 + view.getUint16(local + 26, true) + extra,
      });
      central = nameEnd + view.getUint16(central + 30, true) +
        view.getUint16(central + 32, true);
    }
    return records;
  }
}
