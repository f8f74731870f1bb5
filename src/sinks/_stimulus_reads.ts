import type { Signal, Stimulus } from "../session.ts";
import type { Tensor } from "../tensor.ts";

const MAX_BYTES = 64 * 2 ** 20;

interface Remembered {
  readonly read: Promise<Signal | Tensor>;
  bytes: number;
}

/** Reads each stimulus once, by its key; those last used are remembered. */
export class StimulusReads {
  // A map iterates in the order of insertion: least recently used first.
  readonly #reads = new Map<string, Remembered>();
  #bytes = 0;

  async read(
    stimulus: Stimulus,
    signal: AbortSignal,
  ): Promise<Signal | Tensor> {
    const { key } = stimulus;
    const known = this.#reads.get(key) ??
      { read: stimulus.read({ signal }), bytes: 0 };
    this.#reads.delete(key);
    this.#reads.set(key, known);
    const read = await known.read;
    if (known.bytes === 0) this.#count(known, read);
    this.#forget(key);
    return read;
  }

  #count(known: Remembered, read: Signal | Tensor): void {
    known.bytes = ("shape" in read ? read.data : read.samples).byteLength;
    this.#bytes += known.bytes;
  }

  #forget(keep: string): void {
    for (const [key, { bytes }] of this.#reads) {
      if (this.#bytes <= MAX_BYTES) return;
      if (key === keep || bytes === 0) continue;
      this.#reads.delete(key);
      this.#bytes -= bytes;
    }
  }
}
