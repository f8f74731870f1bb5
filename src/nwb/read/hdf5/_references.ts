import { type Hdf5Objects, joined } from "./_objects.ts";

/** Group whose members are still to be entered. */
interface Pending {
  readonly path: string;
  /** Members of the group in which it is. */
  readonly siblings: number;
}

/** Group that holds text alone, in files of NWB. */
const LAST = "/specifications";

/**
 * Finds the paths of referenced objects. HDF5 does so by a search of the whole
 * file for each reference; this enters each group once, and stops when it has
 * found what is asked for.
 *
 * Groups with few siblings come first: those hold tables and lists of series,
 * while the many members of a list are series.
 */
export class Hdf5References {
  readonly #objects: Hdf5Objects;
  readonly #paths = new Map<bigint, string>();
  #pending: Pending[] = [{ path: "/", siblings: 0 }];

  constructor(objects: Hdf5Objects) {
    this.#objects = objects;
  }

  /** Path of each object; `""` where nothing is at an address. */
  paths(addresses: readonly bigint[]): string[] {
    const wanted = new Set(addresses);
    wanted.delete(0n);
    for (const address of this.#paths.keys()) wanted.delete(address);
    while (wanted.size > 0) {
      const next = this.#pending.shift();
      if (next === undefined) break;
      this.#enter(next, wanted);
    }
    return addresses.map((address) => this.#paths.get(address) ?? "");
  }

  #enter({ path }: Pending, wanted: Set<bigint>): void {
    if (path === "/") this.#add(this.#objects.address(path), path, wanted);
    if (this.#objects.kindOf(path) !== "group") return;
    const names = this.#objects.names(path);
    const siblings = names.length;
    for (const name of names) {
      const member = joined(path, name);
      const address = this.#objects.memberAddress(member);
      // Soft links and second names lead to what is entered elsewhere.
      if (address === null || this.#paths.has(address)) continue;
      this.#add(address, member, wanted);
      this.#pending.push({
        path: member,
        siblings: member === LAST ? Infinity : siblings,
      });
    }
    this.#pending.sort((a, b) => a.siblings - b.siblings);
  }

  #add(address: bigint, path: string, wanted: Set<bigint>): void {
    this.#paths.set(address, path);
    wanted.delete(address);
  }
}
