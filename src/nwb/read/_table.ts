import { FormatError } from "../../errors.ts";
import type { MetaValue } from "../../session.ts";
import type { Hdf5Dataset, Hdf5Group } from "./hdf5/model.ts";
import { type NwbFile, plainNumbers, typeOf } from "./_nwb_file.ts";

/** Value of a table: null for a number that is missing. */
export type TableValue = string | number | boolean | null;

const SCALARS: readonly string[] = ["boolean", "float", "integer", "text"];

/** Table of NWB. Nothing of it is in memory but its columns' names. */
export class NwbTable {
  readonly path: string;
  /** Columns in the order of the table. */
  readonly names: readonly string[];
  readonly rows: number;
  readonly #group: Hdf5Group;
  readonly #columns = new Map<string, Hdf5Dataset | null>();

  private constructor(path: string, group: Hdf5Group, rows: number) {
    this.path = path;
    this.#group = group;
    this.rows = rows;
    const { colnames } = group.attributes;
    const listed = Array.isArray(colnames)
      ? colnames.filter((name) => typeof name === "string")
      : typeof colnames === "string"
      ? [colnames]
      : [...group.members.keys()];
    this.names = listed.filter((name) =>
      name !== "id" && group.members.get(name)?.kind === "dataset" &&
      !this.#isIndex(name)
    );
  }

  /** Opens a table; null if there is none at the path. */
  static async open(file: NwbFile, path: string): Promise<NwbTable | null> {
    const group = await file.group(path);
    if (group === null || !group.members.has("id")) return null;
    const id = await file.dataset(`${path}/id`);
    const rows = id?.shape[0] ?? 0;
    file.checkCount(rows, path);
    return new NwbTable(path, group, rows);
  }

  /** Name of the table. */
  get name(): string {
    return this.path.slice(this.path.lastIndexOf("/") + 1);
  }

  has(name: string): boolean {
    return this.#group.members.has(name);
  }

  /** A column without its values; null if there is none. */
  async column(file: NwbFile, name: string): Promise<Hdf5Dataset | null> {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const column = await file.dataset(`${this.path}/${name}`);
    this.#columns.set(name, column);
    return column;
  }

  /** Whether a column has one text, number or flag in each row. */
  async isPlain(file: NwbFile, name: string): Promise<boolean> {
    if (this.has(`${name}_index`)) return false;
    const column = await this.column(file, name);
    return column !== null && column.shape.length === 1 &&
      column.shape[0] === this.rows && SCALARS.includes(column.type.kind) &&
      typeOf(column) !== "DynamicTableRegion";
  }

  /** Columns with one text, number or flag in each row. */
  async plainNames(file: NwbFile): Promise<string[]> {
    const plain: string[] = [];
    for (const name of this.names) {
      if (await this.isPlain(file, name)) plain.push(name);
    }
    return plain;
  }

  /** Values of a plain column; a number that is NaN is null. */
  async values(file: NwbFile, name: string): Promise<readonly TableValue[]> {
    const { data } = await file.read(`${this.path}/${name}`);
    if (Array.isArray(data)) return data as readonly string[];
    const numbers = plainNumbers(data);
    if (numbers === undefined) throw this.#unlike(file, name, "plain values");
    const isFlag = (await this.column(file, name))?.type.kind === "boolean";
    return Array.from(
      numbers,
      (value) => isFlag ? value !== 0 : Number.isFinite(value) ? value : null,
    );
  }

  /** Numbers of a column, NaN where they are missing. */
  async numbers(file: NwbFile, name: string): Promise<Float64Array> {
    const numbers = await file.numbers(`${this.path}/${name}`);
    if (numbers.length === this.rows) return Float64Array.from(numbers);
    throw this.#unlike(file, name, `${this.rows} numbers`);
  }

  /** Texts of a column; undefined if there is none. */
  async texts(
    file: NwbFile,
    name: string,
  ): Promise<readonly string[] | undefined> {
    const column = await this.column(file, name);
    if (column?.type.kind !== "text" || column.shape[0] !== this.rows) {
      return undefined;
    }
    return (await file.read(column.path)).data as readonly string[];
  }

  /**
   * Where each row of a column ends, if its rows have any number of values.
   *
   * @throws {FormatError} If ends go back, or beyond the values.
   */
  async ends(file: NwbFile, name: string): Promise<Float64Array | undefined> {
    const index = `${name}_index`;
    if (!this.has(index)) return undefined;
    const ends = await this.numbers(file, index);
    const length = (await this.column(file, name))?.shape[0] ?? 0;
    let before = 0;
    for (const end of ends) {
      if (!(end >= before && end <= length)) {
        throw this.#unlike(file, index, `ends of rows from 0 to ${length}`);
      }
      before = end;
    }
    return ends;
  }

  /** Rows as metadata: the values of plain columns, without some. */
  async metas(
    file: NwbFile,
    without: readonly string[],
  ): Promise<Record<string, MetaValue>[]> {
    const metas = Array.from(
      { length: this.rows },
      (): Record<string, MetaValue> => ({}),
    );
    for (const name of await this.plainNames(file)) {
      if (without.includes(name)) continue;
      const values = await this.values(file, name);
      for (const [row, meta] of metas.entries()) {
        meta[name] = values[row] ?? null;
      }
    }
    return metas;
  }

  #isIndex(name: string): boolean {
    return name.endsWith("_index") &&
      this.#group.members.has(name.slice(0, -"_index".length));
  }

  #unlike(file: NwbFile, name: string, rule: string): FormatError {
    return new FormatError(
      `Cannot read NWB: its column ${name} is not as expected: ${rule}`,
      file.at(this.path),
    );
  }
}
