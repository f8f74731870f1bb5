import type { Limits } from "../../../base/limits.ts";
import { attributesOf } from "./_attributes.ts";
import type { Metadata } from "./_decode.ts";
import { formatFault, limitFault } from "./_fault.ts";
import type { H5Module, Hdf5Library } from "./_library.ts";
import type {
  Hdf5Dataset,
  Hdf5Group,
  Hdf5Member,
  Hdf5Object,
} from "./model.ts";
import { typeOf } from "./_type.ts";

/** Filter of a dataset. */
type Filter = ReturnType<H5Module["get_dataset_filters"]>[number];

const KINDS = ["group", "dataset", "type"] as const;

/** Describes the objects of the file that a library has opened. */
export class Hdf5Objects {
  readonly #library: Hdf5Library;
  readonly #limits: Limits;

  constructor(library: Hdf5Library, limits: Limits) {
    this.#library = library;
    this.#limits = limits;
  }

  /** Names of the members of a group, in the order of the file. */
  names(path: string): string[] {
    const names = this.#ask("get_names", path, false);
    if (names.length > this.#limits.members) {
      const why = `it has ${names.length} members`;
      throw limitFault(why, this.#limits, "members", path);
    }
    return names;
  }

  /** Place of an object in the file: paths with one place lead to one object. */
  address(path: string): bigint {
    const bytes = this.#ask("create_object_reference", path);
    return new DataView(Uint8Array.from(bytes).buffer).getBigUint64(0, true);
  }

  /** Place of a member of a group; null where a soft or external link leads. */
  memberAddress(path: string): bigint | null {
    const isSoft = this.#ask("get_symbolic_link", path) !== null;
    const { filename } = this.#ask("get_external_link", path);
    return isSoft || filename !== undefined ? null : this.address(path);
  }

  /** Kind of a member of a group, and where its link leads. */
  member(path: string): Hdf5Member {
    const soft = this.#ask("get_symbolic_link", path) as string | null;
    if (soft !== null) {
      return { kind: this.kindOf(path) ?? "missing", link: soft };
    }
    const { filename, obj_path } = this.#ask("get_external_link", path);
    return filename === undefined
      ? { kind: this.kindOf(path) ?? "missing" }
      : { kind: "external", link: `${filename}:${obj_path}` };
  }

  /** Kind of an object; null if there is none. */
  kindOf(path: string): (typeof KINDS)[number] | null {
    const { file } = this.#library;
    const type = this.#library.find(
      (module) => module.get_type(file, path),
      path,
    );
    return KINDS[type ?? -1] ?? null;
  }

  /** @throws {Fault} If there is no such object, or one of another kind. */
  check(path: string, expected?: "group" | "dataset"): void {
    // A path through an object that is no group is an error of the library.
    this.checkKind(this.kindOf(path), path, expected);
  }

  /** As {@linkcode check}, of an object whose kind is known. */
  checkKind(
    kind: (typeof KINDS)[number] | null,
    path: string,
    expected?: "group" | "dataset",
  ): void {
    if (kind === null) throw formatFault("it has no such object", path);
    if (expected === undefined || kind === expected) return;
    throw formatFault(`it is a ${kind}, expected a ${expected}`, path);
  }

  /** Describes a group, with all attributes or those of some names. */
  group(path: string, wanted?: readonly string[]): Hdf5Group {
    const members = this.names(path)
      .map((name) => [name, this.member(joined(path, name))] as const);
    const attributes = attributesOf(this.#library, this.#limits, path, wanted);
    return { kind: "group", path, attributes, members: new Map(members) };
  }

  /** Describes a dataset, with all attributes or those of some names. */
  dataset(path: string, wanted?: readonly string[]): Hdf5Dataset {
    const { shape, chunks, ...type } = this.metadata(path);
    return {
      kind: "dataset",
      path,
      attributes: attributesOf(this.#library, this.#limits, path, wanted),
      shape: shape ?? [0],
      type: typeOf({ ...type, shape, chunks }),
      chunks,
      filters: this.filters(path).map(({ name }) => name),
    };
  }

  /** Describes the type and the shape of a dataset. */
  metadata(path: string): Metadata {
    return this.#ask("get_dataset_metadata", path);
  }

  /** Filters of a dataset, in the order in which they pack. */
  filters(path: string): Filter[] {
    return this.#ask("get_dataset_filters", path);
  }

  /**
   * Describes an object and all below it, each once. Soft and external links are
   * not followed.
   */
  tree(path: string, maxObjects: number = this.#limits.members): Hdf5Object[] {
    const objects: Hdf5Object[] = [];
    const seen = new Set<bigint>();
    const pending = [path];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const address = this.address(at);
      if (seen.has(address)) continue;
      seen.add(address);
      if (objects.length === maxObjects) {
        const why = `it holds more than ${maxObjects} objects`;
        throw limitFault(why, this.#limits, "members", path);
      }
      const object = this.#object(at);
      if (object === null) continue;
      objects.push(object);
      if (object.kind === "group") pending.push(...below(object).reverse());
    }
    return objects;
  }

  #object(path: string): Hdf5Object | null {
    const kind = this.kindOf(path);
    if (kind === "group") return this.group(path);
    return kind === "dataset" ? this.dataset(path) : null;
  }

  /** Calls a function of the library for an object of the file. */
  #ask<Name extends Asking>(
    name: Name,
    path: string,
    ...rest: Rest<H5Module[Name]>
  ): ReturnType<H5Module[Name]> {
    const { file } = this.#library;
    return this.#library.do((module) => {
      const act = module[name] as (
        file: bigint,
        path: string,
        ...rest: unknown[]
      ) => ReturnType<H5Module[Name]>;
      return act(file, path, ...rest);
    }, path);
  }
}

type Asking =
  | "get_names"
  | "create_object_reference"
  | "get_symbolic_link"
  | "get_external_link"
  | "get_dataset_metadata"
  | "get_dataset_filters";

type Rest<Act> = Act extends
  (file: bigint, path: string, ...rest: infer More) => unknown ? More : never;

/** Path of a member of a group. */
export function joined(group: string, name: string): string {
  return group === "/" ? `/${name}` : `${group}/${name}`;
}

/** Paths of the members that belong to a group itself. */
function below({ path, members }: Hdf5Group): string[] {
  return [...members]
    .filter(([, { kind, link }]) =>
      link === undefined && (kind === "group" || kind === "dataset")
    )
    .map(([name]) => joined(path, name));
}
