/** A compiled module of assembly/, and whether this machine runs it. */
export class WasmModule<Exports> {
  /** Looked up once: false where WebAssembly or its SIMD is missing. */
  readonly runs: boolean;
  readonly #code: Uint8Array<ArrayBuffer>;
  #module?: WebAssembly.Module;

  /** @param text The module, base64. */
  constructor(text: string) {
    this.#code = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    this.runs = typeof WebAssembly === "object" &&
      WebAssembly.validate(this.#code);
  }

  /** What the module exports, at work in a memory. */
  instance(memory: WebAssembly.Memory): Exports {
    this.#module ??= new WebAssembly.Module(this.#code);
    return new WebAssembly.Instance(this.#module, { env: { memory } })
      .exports as unknown as Exports;
  }
}
