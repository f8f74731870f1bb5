import type { WorkerRead } from "../../../src/operators/workers/messages.ts";
import { ReaderWorker } from "../../../src/operators/workers/reader.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";

const MODULE = new URL(
  "../parallel_modules/waits_for_shared.ts",
  import.meta.url,
);

/** The list of a session whose source waits for a value of this thread. */
function listWith(shared: Promise<readonly string[]>): WorkerRead {
  const source = { module: MODULE.href, name: "openNamed", args: [] };
  return {
    chain: {
      number: 0,
      chain: { source, steps: [] },
      warn: (): void => {},
    },
    address: { chain: 0, hint: "s", edits: [], whole: false },
    wanted: { what: "list" },
    session: "s",
    shared,
  };
}

Deno.test("ReaderWorker: starts while this thread reads what the source needs", async () => {
  const worker = new ReaderWorker(Infinity);
  try {
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    const reading = worker.read(listWith(promise));
    assertEquals(worker.isRunning, true);
    resolve(["tone", "noise"]);
    assertEquals((await reading).value, [
      { key: "tone", meta: { description: "tone" }, durationMs: 1 },
      { key: "noise", meta: { description: "noise" }, durationMs: 1 },
    ]);
  } finally {
    worker.end();
  }
});

Deno.test("ReaderWorker: a failure of what the source needs rejects the read, the next one tries again", async () => {
  const worker = new ReaderWorker(Infinity);
  try {
    await assertRejects(
      () => worker.read(listWith(Promise.reject(new RangeError("lost")))),
      RangeError,
      "lost",
    );
    const { value } = await worker.read(listWith(Promise.resolve(["tone"])));
    assertEquals(value, [
      { key: "tone", meta: { description: "tone" }, durationMs: 1 },
    ]);
  } finally {
    worker.end();
  }
});
