import { type Limits, limitText } from "../../base/limits.ts";
import { FormatError, LimitError } from "../../errors.ts";
import type { Hdf5File } from "./hdf5/hdf5_file.ts";
import type {
  Hdf5Attributes,
  Hdf5Data,
  Hdf5Dataset,
  Hdf5Group,
  Hdf5Numbers,
  Hdf5Values,
} from "./hdf5/model.ts";

/** Groups whose names are remembered; beyond it they are looked up again. */
const MOST_GROUPS = 2048;

/** An open NWB file, and the signal of the reader at work. */
export class NwbFile {
  /** Path or address, as errors name it. */
  readonly name: string;
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
  readonly #h5: Hdf5File;
  readonly #names: Map<string, ReadonlySet<string>>;

  constructor(
    h5: Hdf5File,
    name: string,
    limits: Limits,
    signal?: AbortSignal,
    names: Map<string, ReadonlySet<string>> = new Map(),
  ) {
    this.#h5 = h5;
    this.name = name;
    this.limits = limits;
    this.signal = signal;
    this.#names = names;
  }

  /** The same file for another reader. */
  for(signal: AbortSignal | undefined): NwbFile {
    return new NwbFile(this.#h5, this.name, this.limits, signal, this.#names);
  }

  /** Place of an object, for errors and warnings. */
  at(member: string): { readonly archive: string; readonly member: string } {
    return { archive: this.name, member };
  }

  /** Whether an object is there. Reads the names of its group alone. */
  async has(path: string): Promise<boolean> {
    if (path === "") return true;
    const slash = path.lastIndexOf("/");
    const names = await this.names(path.slice(0, Math.max(0, slash)));
    return names.has(path.slice(slash + 1));
  }

  /** Names of the members of a group; none if it is not there. */
  async names(path: string): Promise<ReadonlySet<string>> {
    const known = this.#names.get(path);
    if (known) return known;
    const names = new Set(
      await this.has(path) ? await this.#h5.names(path, this.#options) : [],
    );
    this.checkCount(names.size, path);
    if (this.#names.size >= MOST_GROUPS) this.#names.clear();
    this.#names.set(path, names);
    return names;
  }

  /** A group; null if there is none at the path. */
  async group(path: string): Promise<Hdf5Group | null> {
    const isThere = await this.has(path);
    return isThere ? await this.#h5.group(path, this.#options) : null;
  }

  /** Names of the groups in a group; none if it is not there. */
  async groupsIn(path: string): Promise<string[]> {
    const members = (await this.group(path))?.members ?? [];
    return [...members].filter(([, { kind }]) => kind === "group")
      .map(([name]) => name);
  }

  /** A dataset without its values; null if there is none at the path. */
  async dataset(path: string): Promise<Hdf5Dataset | null> {
    const isThere = await this.has(path);
    return isThere ? await this.#h5.dataset(path, this.#options) : null;
  }

  /** Values of a dataset, or of some of its rows. */
  async read(
    path: string,
    rows: { readonly start?: number; readonly stop?: number } = {},
  ): Promise<Hdf5Values> {
    return await this.#h5.read(path, { ...rows, ...this.#options });
  }

  /** Numbers of a dataset, or of some of its rows. */
  async numbers(
    path: string,
    rows: { readonly start?: number; readonly stop?: number } = {},
  ): Promise<Exclude<Hdf5Numbers, BigInt64Array | BigUint64Array>> {
    const { data } = await this.read(path, rows);
    const numbers = plainNumbers(data);
    if (numbers) return numbers;
    throw new FormatError(
      "Cannot read NWB: it holds no numbers",
      this.at(path),
    );
  }

  /** Text of a dataset; undefined if it is not there, or holds something else. */
  async text(path: string): Promise<string | undefined> {
    const dataset = await this.dataset(path);
    if (dataset?.type.kind !== "text") return undefined;
    const [text] = (await this.read(path)).data as readonly string[];
    return text;
  }

  /** Refuses a table or list that is too long. */
  checkCount(count: number, path: string): void {
    if (count <= this.limits.members) return;
    throw new LimitError(
      `Cannot read NWB: it has ${count} entries: ` +
        limitText(this.limits, "members"),
      this.at(path),
    );
  }

  get #options(): { readonly signal?: AbortSignal } {
    return this.signal ? { signal: this.signal } : {};
  }
}

/** Path without the slash at its start. */
export function plainPath(path: string): string {
  return path.replace(/^\/+/, "");
}

/** Numbers of a dataset as numbers; undefined if it holds something else. */
export function plainNumbers(
  data: Hdf5Data,
): Exclude<Hdf5Numbers, BigInt64Array | BigUint64Array> | undefined {
  if (!ArrayBuffer.isView(data)) return undefined;
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float64Array.from(data, Number)
    : data as Exclude<Hdf5Numbers, BigInt64Array | BigUint64Array>;
}

/** Text of an attribute; undefined if there is none. */
export function textAttribute(
  attributes: Hdf5Attributes,
  name: string,
): string | undefined {
  const value = attributes[name];
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof one === "string" ? one : undefined;
}

/** Number of an attribute; undefined if there is none. */
export function numberAttribute(
  attributes: Hdf5Attributes,
  name: string,
): number | undefined {
  const value = attributes[name];
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  const numbers = value === undefined || value === null ||
      typeof value !== "object"
    ? undefined
    : plainNumbers(value as Hdf5Data);
  return numbers?.length === 1 ? numbers[0] : undefined;
}

/** Type of an object of NWB, such as `TimeSeries`. */
export function typeOf({ attributes }: Hdf5Group | Hdf5Dataset): string {
  return textAttribute(attributes, "neurodata_type") ?? "";
}
