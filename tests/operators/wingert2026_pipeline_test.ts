import {
  normalize,
  type NormalizeRanges,
  type Session,
  type Tensor,
  wingert2026Pipeline,
} from "rxephys";
import { from, lastValueFrom, type MonoTypeOperatorFunction } from "rxjs";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { normalizeReference, tensorSession } from "./_normalize_case.ts";

const { stimuli, responses } = normalizeReference();

async function readThrough(
  operator: MonoTypeOperatorFunction<Session>,
): Promise<unknown> {
  const session = tensorSession(
    "x",
    stimuli.slice(0, 2),
    responses.slice(0, 3).map((cell) => [itemAt(cell, 0), itemAt(cell, 1)]),
  );
  const out = await lastValueFrom(from([session]).pipe(operator));
  const read = [];
  for (const { stimulus, read: trials } of await out.presentations()) {
    read.push((await stimulus.read() as Tensor).data, await trials());
  }
  return read;
}

Deno.test("wingert2026Pipeline: equals normalize, by default per band and neuron", async () => {
  assertEquals(
    await readThrough(wingert2026Pipeline()),
    await readThrough(normalize({ method: "bandAndNeuron" })),
  );
  for (const method of ["none", "global", "bandAndNeuron"] as const) {
    assertEquals(
      await readThrough(wingert2026Pipeline({ normalize: method })),
      await readThrough(normalize({ method })),
    );
  }
});

Deno.test("wingert2026Pipeline: accepts ranges and reports them", async () => {
  const received: [NormalizeRanges, string][] = [];
  const ranges: NormalizeRanges = {
    method: "global",
    stimulus: [0, 2],
    response: [0, 4],
  };
  const given = {
    ranges,
    onRanges: (...args: typeof received[0]) => received.push(args),
  };
  assertEquals(
    await readThrough(wingert2026Pipeline({ normalize: "global", ...given })),
    await readThrough(normalize({ method: "global", ranges })),
  );
  assertEquals(received, [[ranges, "given"]]);
});

Deno.test("wingert2026Pipeline: refuses bad options at the call", () => {
  assertThrows(
    () => wingert2026Pipeline({ normalize: "all" as "none" }),
    TypeError,
    "Cannot normalize: method is all, expected none, global or bandAndNeuron",
  );
  assertThrows(
    () =>
      wingert2026Pipeline({
        ranges: { method: "global", stimulus: [0, 1], response: [0, 1] },
      }),
    RangeError,
    "ranges.method is global, expected bandAndNeuron as method",
  );
});
