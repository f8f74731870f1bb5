import type { ReadOptions, Stimulus, Waveform } from "../session.ts";
import type { Tensor } from "../tensor.ts";

const MAX_BYTES = 64 * 2 ** 20;

interface CachedRead {
  readonly read: Promise<Waveform | Tensor>;
  readonly variant: unknown;
  bytes: number;
}

/** Cache of stimuli by key; drops the least recently used ones first. */
export class StimulusReads {
  // Insertion order of the map: least recently used first.
  readonly #reads = new Map<string, CachedRead>();
  #bytes = 0;

  /**
   * Reads a stimulus, unless it was read last in the same variant.
   *
   * @param variant Tells readings of one key apart; the last one is kept.
   */
  async read(
    stimulus: Stimulus,
    options: ReadOptions,
    variant?: unknown,
  ): Promise<Waveform | Tensor> {
    const { key } = stimulus;
    const before = this.#reads.get(key);
    const known = before?.variant === variant && before
      ? before
      : { read: stimulus.read(options), variant, bytes: 0 };
    if (before && before !== known) this.#bytes -= before.bytes;
    this.#reads.delete(key);
    this.#reads.set(key, known);
    const read = await known.read;
    const isKept = this.#reads.get(key) === known;
    if (isKept && known.bytes === 0) this.#count(known, read);
    this.#evict(key);
    return read;
  }

  #count(known: CachedRead, read: Waveform | Tensor): void {
    known.bytes = ("shape" in read ? read.data : read.samples).byteLength;
    this.#bytes += known.bytes;
  }

  #evict(keep: string): void {
    for (const [key, { bytes }] of this.#reads) {
      if (this.#bytes <= MAX_BYTES) return;
      if (key === keep || bytes === 0) continue;
      this.#reads.delete(key);
      this.#bytes -= bytes;
    }
  }
}
