import fc from "fast-check";
import { MAX_GROWTH_BYTES } from "./_memory_watch.ts";
import type { FuzzReader } from "./readers.ts";
import { TrackedStream } from "./_tracked.ts";

const inputs = fc.uint8Array({ minLength: 1, maxLength: 8 });

/** Readers that break the rule, each in another way. */
export const FUZZ_READERS: readonly FuzzReader[] = [
  {
    name: "throws",
    inputs,
    read(): void {
      throw new TypeError("no error of the data");
    },
  },
  {
    name: "hangs",
    inputs,
    read(): never {
      for (;;);
    },
  },
  {
    name: "takes",
    inputs,
    read(): void {
      new Uint8Array(MAX_GROWTH_BYTES + 2 ** 26).fill(1);
    },
  },
  {
    name: "leaves",
    inputs,
    read(bytes): void {
      using tracked = new TrackedStream(bytes);
      tracked.stream.getReader();
    },
  },
];
