import type { MatBytes } from "./_mat_bytes.ts";
import type { MatClass, MatValue, MatVariable } from "./mat_value.ts";

/** What is known of a variable before it is decoded. */
export interface MatSummary {
  readonly name: string;
  readonly class: MatClass;
  readonly shape: readonly number[];
}

/** A variable over the bytes in which it is stored. */
export class StoredVariable implements MatVariable {
  readonly name: string;
  readonly class: MatClass;
  readonly shape: readonly number[];
  readonly #summary: MatSummary;
  readonly #stored: MatBytes;
  readonly #decode: (stored: MatBytes) => MatValue;

  constructor(
    summary: MatSummary,
    stored: MatBytes,
    decode: (stored: MatBytes) => MatValue,
  ) {
    this.name = summary.name;
    this.class = summary.class;
    this.shape = summary.shape;
    this.#summary = summary;
    this.#stored = stored;
    this.#decode = decode;
  }

  get byteLength(): number {
    return this.#stored.bytes.length;
  }

  read(): MatValue {
    return this.#decode(this.#stored);
  }

  detach(): MatVariable {
    return new StoredVariable(
      this.#summary,
      this.#stored.copy(),
      this.#decode,
    );
  }
}
