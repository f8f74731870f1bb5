import { gate } from "rxephys";
import { assertEquals } from "../support/assert.ts";
import { fakeSamples, fakeSession } from "../support/sessions/fake_session.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass } from "./_operator_cases.ts";

operatorCases("gate", () => gate(), [
  {
    call: () => gate({ maxAbsMv: -1 }),
    error: RangeError,
    message: "Cannot gate: maxAbsMv is -1, expected a number above 0",
  },
  {
    call: () => gate({ stepMv: 0 }),
    error: RangeError,
    message: "Cannot gate: stepMv is 0, expected a number above 0",
  },
  {
    call: () => gate({ maxStepFraction: 1.5 }),
    error: RangeError,
    message: "Cannot gate: maxStepFraction is 1.5, expected 0 to 1",
  },
  {
    call: () => gate({ minCorrelation: -2 }),
    error: RangeError,
    message: "Cannot gate: minCorrelation is -2, expected -1 to 1",
  },
]);

// Four repeats that differ by little noise, and three that fail one test each.
const alike = [11, 12, 13, 14].map((seed) => {
  const noise = fakeSamples(400, seed);
  return noise.map((x, i) => 5 * Math.sin(i / 20) + 0.5 * x);
});
const clipped = itemAt(alike, 0).map((x, i) => i === 7 ? 151 : x);
const stepped = itemAt(alike, 1).map((x, i) => i > 300 && i < 360 ? x + 60 : x);
const unrelated = fakeSamples(400, 99).map((x) => -x);

Deno.test("gate: tallies each reason and keeps the other repeats unchanged", async () => {
  const session = fakeSession("s", [{}, {}], [{
    key: "a",
    durationMs: 400,
    waveform: new Int16Array(1),
    repeats: [[...alike, clipped, stepped, unrelated], null],
  }]);
  const [gated] = await pass(gate(), session);
  const presentation = itemAt(await gated.presentations(), 0);
  const { responses, tally } = await presentation.read();
  assertEquals(tally, { range: 1, step: 1, xcorr: 1, kept: 4 });
  assertEquals(responses[0]?.repeats, alike);
  assertEquals(responses[1], null);
});

Deno.test("gate: a cell whose repeats all fail has no response", async () => {
  const session = fakeSession("s", [{}], [{
    key: "a",
    durationMs: 400,
    waveform: new Int16Array(1),
    repeats: [[clipped, new Float64Array(0)]],
  }]);
  const [gated] = await pass(gate(), session);
  const presentation = itemAt(await gated.presentations(), 0);
  const { responses, tally } = await presentation.read();
  assertEquals(tally, { range: 2, step: 0, xcorr: 0, kept: 0 });
  assertEquals(responses, [null]);
});

Deno.test("gate: a second gate adds to the tally", async () => {
  const session = fakeSession("s", [{}], [{
    key: "a",
    durationMs: 400,
    waveform: new Int16Array(1),
    repeats: [[...alike, clipped]],
  }]);
  const [once] = await pass(gate(), session);
  const [twice] = await pass(gate({ maxAbsMv: 1 }), once);
  const presentation = itemAt(await twice.presentations(), 0);
  const { tally } = await presentation.read();
  assertEquals(tally, { range: 5, step: 0, xcorr: 0, kept: 4 });
});
