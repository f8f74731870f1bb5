import { parallel, UnsupportedError } from "rxephys";
import process from "node:process";
import { startThread } from "../../src/platform/threads.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";

/** What a thread sends back. */
async function echoed(value: unknown): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const thread = startThread(new URL("_echo_thread.ts", import.meta.url), {
    message: resolve,
    error: reject,
    exit: () => reject(new Error("the thread has ended")),
  });
  thread.post(value);
  try {
    return await promise;
  } finally {
    thread.end();
  }
}

Deno.test("threads: a message arrives as it was sent", async () => {
  const whole = new Float64Array([1, NaN, -0]);
  const circle: Record<string, unknown> = { name: "circle" };
  circle.self = circle;
  const message = {
    arrays: [new Int16Array([1, -2]), new BigInt64Array([3n]), [1, "a"]],
    part: whole.subarray(1, 2),
    twice: [whole, whole],
    none: [null, undefined, true, new Uint8Array(0)],
    others: [new Map([["a", 1]]), new Date(0), new RangeError("b")],
    shared: new Int32Array(new SharedArrayBuffer(8)),
  };
  const { shared, ...rest } = await echoed(message) as typeof message;
  const { shared: _, ...sent } = message;
  assertEquals(rest, sent);
  Atomics.store(message.shared, 1, 5);
  assertEquals(Atomics.load(shared, 1), 5);
  const back = await echoed(circle) as typeof circle;
  assert(back.self === back);
});

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
