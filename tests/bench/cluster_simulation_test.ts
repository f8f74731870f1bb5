import { boundsOf, type ClusterRun } from "../../bench/cluster/_bounds.ts";
import { type Costs, MEASURED } from "../../bench/cluster/_costs.ts";
import { simulate } from "../../bench/cluster/_simulate.ts";
import { assert, assertAlmostEquals, assertEquals } from "../support/assert.ts";

const SAFE = { killEveryS: Infinity, lockS: 30, seed: 1 };
const EVEN: Costs = { ...MEASURED, spread: 0 };
const ENGINES = ["array", "queue"] as const;
const RUN: ClusterRun = {
  sessions: 1000,
  workers: 10,
  engine: "array",
  storeRate: 1e9,
};

Deno.test("simulate: even sessions and a fast store take what the cores need", () => {
  for (const engine of ENGINES) {
    const run = { ...RUN, engine, storeRate: 1e15 };
    const costs = { ...EVEN, queueS: 1e-9 };
    const { start, cores, merge } = boundsOf(run, costs);
    const { shardsS, totalS, kills, busy } = simulate(run, costs, SAFE);
    assertAlmostEquals(shardsS, start + cores, 1e-3);
    assertAlmostEquals(totalS, start + cores + merge, 1e-3);
    assertAlmostEquals(busy, 100 * costs.sessionS / shardsS, 1e-6);
    assertEquals(kills, 0);
  }
});

Deno.test("simulate: many workers take what the store, or the queue, needs", () => {
  for (
    const [part, costs] of [
      ["store", EVEN],
      ["queue", { ...EVEN, queueS: 0.1 }],
    ] as const
  ) {
    const run = { ...RUN, engine: "queue", workers: 500 } as const;
    const bounds = boundsOf(run, costs);
    const { shardsS } = simulate(run, costs, SAFE);
    const least = bounds.start + bounds[part];
    // The first session to come and the last to compute add to it.
    assert(shardsS >= least && shardsS < least + 1, `${part} ${shardsS}`);
  }
});

Deno.test("simulate: no run beats a bound, and the same seed gives the same run", () => {
  for (const engine of ENGINES) {
    for (const workers of [1, 7, 64, 400]) {
      const run = { ...RUN, engine, workers };
      const { start, store, queue } = boundsOf(run, MEASURED);
      const faults = { ...SAFE, killEveryS: 60 };
      const simulated = simulate(run, MEASURED, faults);
      assert(simulated.shardsS >= start + Math.max(store, queue));
      assert(simulated.busy <= 1);
      assertEquals(simulate(run, MEASURED, faults), simulated);
    }
  }
});

Deno.test("simulate: a queue evens out long sessions, and kills cost time", () => {
  const costs = { ...MEASURED, spread: 2, queueS: 1e-9 };
  const fast = { ...RUN, storeRate: 1e15, workers: 50 };
  const [array, queue] = ENGINES.map((engine) =>
    simulate({ ...fast, engine }, costs, SAFE).shardsS
  );
  assert(Number(queue) < 0.8 * Number(array), `${queue} and ${array}`);
  const killed = simulate(RUN, MEASURED, { ...SAFE, killEveryS: 20 });
  assert(killed.kills > 5, String(killed.kills));
  assert(killed.shardsS > simulate(RUN, MEASURED, SAFE).shardsS + 30);
});
