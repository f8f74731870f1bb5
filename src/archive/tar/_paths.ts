import { FoldedPaths, pathExcess, pathFault } from "../member_path.ts";
import type { TarHeader } from "./_header.ts";
import type { TarInput } from "./_input.ts";

/** Entries that no recording has, and that are never followed or created. */
const REFUSED: Readonly<Record<string, string>> = {
  1: "a hard link",
  2: "a symbolic link",
  3: "a character device",
  4: "a block device",
  6: "a pipe",
};
const FOLDER = "5";

/** Paths of a tarball's entries, all different. */
export class TarPaths {
  readonly #input: TarInput;
  readonly #folded = new FoldedPaths();
  #count = 0;
  #characters = 0;

  constructor(input: TarInput) {
    this.#input = input;
  }

  /**
   * Checks an entry and adds its path.
   *
   * @throws {ArchiveError} If its path leads outside or is already there, or it is
   * neither file nor folder.
   * @throws {LimitError} If it is one too many, or its path too long.
   */
  check({ path, type, at }: TarHeader): void {
    const input = this.#input;
    const excess = pathExcess(path, input.limits);
    if (excess !== undefined) throw input.excessive(...excess, at);
    const fault = pathFault(path);
    if (fault !== undefined) throw this.#malformed(fault, path, at);
    if (Object.hasOwn(REFUSED, type)) {
      throw input.malformed(`"${path}" is ${REFUSED[type]}`, at);
    }
    this.#checkRoom(path, at);
    const clash = this.#folded.add(path, type === FOLDER);
    if (clash !== undefined) throw this.#malformed(clash, path, at);
  }

  #checkRoom(path: string, at: number): void {
    const { limits } = this.#input;
    if (++this.#count > limits.members) {
      throw this.#input.excessive("it has more entries", "members", at);
    }
    this.#characters += path.length;
    if (this.#characters <= limits.directoryBytes) return;
    const why = `its paths have ${this.#characters} characters`;
    throw this.#input.excessive(why, "directoryBytes", at);
  }

  #malformed(fault: string, path: string, at: number): Error {
    return this.#input.malformed(`${fault} ("${path}")`, at);
  }
}
