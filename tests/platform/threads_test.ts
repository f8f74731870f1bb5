import { parallel, UnsupportedError } from "rxephys";
import process from "node:process";
import { assertThrows } from "../support/assert.ts";

Deno.test("parallel: refuses a platform without threads, such as a browser", () => {
  const { getBuiltinModule } = process;
  Object.assign(process, { getBuiltinModule: undefined });
  try {
    assertThrows(
      () => parallel(),
      UnsupportedError,
      "Cannot read in workers: this platform has no node:worker_threads, " +
        "expected Deno or Node; leave parallel() out here",
    );
  } finally {
    Object.assign(process, { getBuiltinModule });
  }
});
