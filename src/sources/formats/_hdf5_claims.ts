import type { Hdf5Cursor } from "./_hdf5_cursor.ts";
import type { Hdf5Dataset } from "./_hdf5_dataset.ts";

const VALUE_BYTES = 8;

/**
 * What the datasets that were read of a file claim together: names that share a
 * dataset, or datasets that share chunks, could claim more than the file is
 * worth.
 */
export class Hdf5Claims {
  readonly #known = new Set<string>();
  #bytes = 0;

  /**
   * Takes a dataset down, each name once.
   *
   * @throws {LimitError} If all claim more than the limits allow.
   */
  add(file: Hdf5Cursor, name: string, { what, at, shape }: Hdf5Dataset): void {
    if (this.#known.has(name)) return;
    const bytes = shape.reduce((claim, size) => claim * size, VALUE_BYTES);
    const total = this.#bytes + bytes;
    if (total > file.limits.arrayBytes) {
      const why = `${what} claims ${bytes} bytes, ${total} with those before`;
      throw file.excessive(why, "arrayBytes", at);
    }
    this.#known.add(name);
    this.#bytes = total;
  }
}
