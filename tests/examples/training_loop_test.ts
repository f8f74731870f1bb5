import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { runExample } from "./_run_example.ts";

Deno.test("examples/training_loop.ts: trains, and gives the same numbers again", async () => {
  const run = (): ReturnType<typeof runExample> =>
    runExample("training_loop.ts", [AC1_TINY, "3"]);
  const [first, second] = [await run(), await run()];
  assertEquals(first.code, 0, first.err);
  const epochs = first.out.matchAll(/^epoch (\d): val cc_norm (-?0\.\d{4})$/gm);
  assertEquals([...epochs].map(([, epoch]) => epoch), ["1", "2", "3"]);
  const last = /^test cc_norm: linear (\S+), GRU (\S+)\n$/m.exec(first.out);
  const scores = (last ?? []).slice(1).map(Number);
  assertEquals(scores.length, 2, first.out);
  // A few seconds of sound are enough for the linear fit alone.
  assert(scores.every(Number.isFinite) && Number(scores[0]) > 0.7, first.out);
  assertEquals(second.out, first.out);
});
