import { peakRss } from "../support/peak_rss.ts";

/** Greatest growth of memory that reading one file may cause. */
export const MAX_GROWTH_BYTES = 256 * 2 ** 20;

/** Watches the memory of the process: its peak on Linux, elsewhere its current size. */
export class MemoryWatch {
  readonly #base = Deno.memoryUsage().rss;

  /** Peak since the last `settle`, above the memory at the start. */
  get growth(): number {
    return peakRss() - this.#base;
  }

  /** Collects garbage and resets the peak. */
  async settle(): Promise<void> {
    // Needs --v8-flags=--expose-gc; without it garbage counts as memory.
    const { gc } = globalThis as { gc?: () => void };
    gc?.();
    // Buffers are freed in a later turn, and what they held after that.
    await new Promise((resolve) => setTimeout(resolve, 0));
    gc?.();
    // Resets the peak to the current size: proc(5), clear_refs.
    if (isLinux) Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  }
}

const isLinux = Deno.build.os === "linux";
