/** A compiled module of assembly/. */
export class WasmModule<Exports> {
  /** Whether this machine runs it: false without WebAssembly or its SIMD. */
  readonly runs: boolean;
  readonly #code: Uint8Array<ArrayBuffer>;
  #module?: WebAssembly.Module;

  /** @param text The module, base64. */
  constructor(text: string) {
    this.#code = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    this.runs = typeof WebAssembly === "object" &&
      WebAssembly.validate(this.#code);
  }

  /** Exports of a new instance that works in a memory. */
  instance(memory: WebAssembly.Memory): Exports {
    this.#module ??= new WebAssembly.Module(this.#code);
    return new WebAssembly.Instance(this.#module, { env: { memory } })
      .exports as unknown as Exports;
  }
}

const PAGE_BYTES = 65_536;

/** Exports and memory for one call of a module. */
export interface WasmCall<Exports> {
  readonly exports: Exports;
  /** The memory; valid during the call, a later call may replace it. */
  readonly buffer: ArrayBuffer;
}

/**
 * An instance of a module and its memory, reused by the next call, as `Scratch`
 * does with arrays. A memory never shrinks: calls that need more than
 * `WasmScratch.MOST_BYTES` use TypeScript instead.
 */
export class WasmScratch<Exports> {
  /** Greatest memory. */
  static readonly MOST_BYTES = 2 ** 24;
  /** Whether this machine runs the module. */
  readonly runs: boolean;
  readonly #module: WasmModule<Exports>;
  #kept?: { readonly exports: Exports; readonly memory: WebAssembly.Memory };

  /** @param text The module, base64. */
  constructor(text: string) {
    this.#module = new WasmModule(text);
    this.runs = this.#module.runs;
  }

  /**
   * The instance, with at least so many bytes, which earlier calls have written to.
   * Undefined if this machine does not run it, or if that is too much.
   */
  take(bytes: number): WasmCall<Exports> | undefined {
    if (!this.runs || bytes > WasmScratch.MOST_BYTES) return undefined;
    const { exports, memory } = this.#kept ??= this.#instance();
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return { exports, buffer: memory.buffer as ArrayBuffer };
  }

  #instance(): { exports: Exports; memory: WebAssembly.Memory } {
    const maximum = WasmScratch.MOST_BYTES / PAGE_BYTES;
    const memory = new WebAssembly.Memory({ initial: 1, maximum });
    return { exports: this.#module.instance(memory), memory };
  }
}
