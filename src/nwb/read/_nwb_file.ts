import { type Limits, limitText } from "../../base/limits.ts";
import { FormatError, LimitError } from "../../errors.ts";
import type { Hdf5File } from "./hdf5/hdf5_file.ts";
import type {
  Hdf5Ask,
  Hdf5Attributes,
  Hdf5Data,
  Hdf5Dataset,
  Hdf5Group,
  Hdf5Numbers,
  Hdf5Object,
  Hdf5Values,
} from "./hdf5/model.ts";

/** Groups whose names are remembered; beyond it they are looked up again. */
const MOST_GROUPS = 2048;
/** Answers that are remembered, and the entries of one: scalars and small groups. */
const MOST_ANSWERS = 512;
const MOST_ENTRIES = 64;

type Answer = Hdf5Object | Hdf5Values | null;

/** Parts of a file that are remembered. */
class Memory {
  readonly names = new Map<string, ReadonlySet<string>>();
  /** Answers that were asked ahead, by question and path. */
  readonly answers = new Map<string, Answer>();
}

/** Numbers without those of 64 bits, which are float64. */
export type PlainNumbers = Exclude<
  Hdf5Numbers,
  BigInt64Array | BigUint64Array
>;

/** Rows of a dataset. */
export interface Rows {
  readonly path: string;
  readonly start: number;
  readonly stop: number;
}

/** An open NWB file, and the signal of the reader at work. */
export class NwbFile {
  /** Path or address, as errors name it. */
  readonly name: string;
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
  readonly #h5: Hdf5File;
  readonly #memory: Memory;

  constructor(
    h5: Hdf5File,
    name: string,
    limits: Limits,
    signal?: AbortSignal,
    memory: Memory = new Memory(),
  ) {
    this.#h5 = h5;
    this.name = name;
    this.limits = limits;
    this.signal = signal;
    this.#memory = memory;
  }

  /** The same file for another reader. */
  for(signal: AbortSignal | undefined): NwbFile {
    return new NwbFile(this.#h5, this.name, this.limits, signal, this.#memory);
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
    const { names: all } = this.#memory;
    const known = all.get(path);
    if (known) return known;
    const group = this.#answer("group", path);
    if (group) return new Set((group as Hdf5Group).members.keys());
    const names = new Set(
      await this.has(path) ? await this.#h5.names(path, this.#options) : [],
    );
    this.checkCount(names.size, path);
    if (all.size >= MOST_GROUPS) all.clear();
    all.set(path, names);
    return names;
  }

  /** A group; null if there is none at the path. */
  async group(path: string): Promise<Hdf5Group | null> {
    const known = this.#answer("group", path);
    if (known) return known as Hdf5Group;
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
    const known = this.#answer("dataset", path);
    if (known) return known as Hdf5Dataset;
    const isThere = await this.has(path);
    return isThere ? await this.#h5.dataset(path, this.#options) : null;
  }

  /** Values of a dataset, or of some of its rows. */
  async read(
    path: string,
    rows: { readonly start?: number; readonly stop?: number } = {},
  ): Promise<Hdf5Values> {
    const known = rows.stop === undefined && this.#answer("read", path);
    if (known) return known as Hdf5Values;
    return await this.#h5.read(path, { ...rows, ...this.#options });
  }

  /**
   * Describes and reads small objects that will be asked for soon, in one message
   * to the worker. An object may be missing.
   */
  async askAhead(asks: readonly Hdf5Ask[]): Promise<void> {
    if (asks.length === 0) return;
    const all = await this.#h5.all(asks, this.#options);
    const { answers } = this.#memory;
    if (answers.size + all.length > MOST_ANSWERS) answers.clear();
    for (const [index, { what, path }] of asks.entries()) {
      const answer = all[index] ?? null;
      if (isSmall(answer)) answers.set(`${what} ${path}`, answer);
    }
  }

  /** Numbers of several datasets, in one message to the worker. */
  async allNumbers(rows: readonly Rows[]): Promise<readonly PlainNumbers[]> {
    const asks = rows.map((own) => ({ what: "read", ...own }) as const);
    const all = await this.#h5.all(asks, this.#options);
    return rows.map(({ path }, index) =>
      this.#checkedNumbers(all[index] as Hdf5Values | null, path)
    );
  }

  /** Numbers of a dataset, or of some of its rows. */
  async numbers(
    path: string,
    rows: { readonly start?: number; readonly stop?: number } = {},
  ): Promise<PlainNumbers> {
    return this.#checkedNumbers(await this.read(path, rows), path);
  }

  #checkedNumbers(values: Hdf5Values | null, path: string): PlainNumbers {
    const numbers = values && plainNumbers(values.data);
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

  #answer(what: Hdf5Ask["what"], path: string): Answer | undefined {
    return this.#memory.answers.get(`${what} ${path}`);
  }

  get #options(): { readonly signal?: AbortSignal } {
    return this.signal ? { signal: this.signal } : {};
  }
}

/** Whether an answer takes little memory. */
function isSmall(answer: Answer): answer is NonNullable<Answer> {
  if (answer === null) return false;
  if ("data" in answer) return answer.shape.length === 0;
  const { attributes } = answer;
  const entries = answer.kind === "group" ? answer.members.size : 0;
  return entries + Object.keys(attributes).length <= MOST_ENTRIES;
}

/** Path without the slash at its start. */
export function plainPath(path: string): string {
  return path.replace(/^\/+/, "");
}

/** Numbers of a dataset as numbers; undefined if it holds something else. */
export function plainNumbers(
  data: Hdf5Data,
): PlainNumbers | undefined {
  if (!ArrayBuffer.isView(data)) return undefined;
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float64Array.from(data, Number)
    : data as PlainNumbers;
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
