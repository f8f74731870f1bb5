import { peakRss } from "../support/peak_rss.ts";

/** Most memory that reading one file may take above what was there before. */
export const MAX_GROWTH_BYTES = 256 * 2 ** 20;

/** Watches the memory of the process; on Linux its peak, elsewhere what is held. */
export class MemoryWatch {
  readonly #base = Deno.memoryUsage().rss;

  /** By how much the peak since the last settling lies above the beginning. */
  get growth(): number {
    return peakRss() - this.#base;
  }

  /** Frees what nobody holds; the peak is then what is left. */
  async settle(): Promise<void> {
    // Needs --v8-flags=--expose-gc; without it garbage counts as memory.
    const { gc } = globalThis as { gc?: () => void };
    gc?.();
    // Buffers are freed in another turn, those that they kept after that.
    await new Promise((resolve) => setTimeout(resolve, 0));
    gc?.();
    // Sets the peak to what is held: proc(5), clear_refs.
    if (isLinux) Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  }
}

const isLinux = Deno.build.os === "linux";
