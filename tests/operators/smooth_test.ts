import { bin, smooth } from "rxephys";
import { assertAlmostEquals, assertEquals } from "../support/assert.ts";
import { fakeSession } from "../support/sessions/fake_session.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass } from "./_operator_cases.ts";

operatorCases("smooth", () => smooth(), [{
  call: () => smooth({ windowMs: 0 }),
  error: RangeError,
  message:
    "Cannot smooth: windowMs is 0, expected a number above 0, at most 10000",
}]);

const impulse = new Float64Array(60);
impulse[30] = 2;
const session = fakeSession("s", [{}], [{
  key: "a",
  durationMs: 60,
  waveform: new Int16Array(1),
  repeats: [[impulse]],
}]);

// numpy.hanning(5) = [0, 0.5, 1, 0.5, 0]: 21 ms at 5 ms are 4 points, then 5 to be odd.
Deno.test("smooth: uses the next odd number of points, not normalised", async () => {
  const [binned] = await pass(bin({ dtMs: 5 }), session);
  const [smoothed] = await pass(smooth({ windowMs: 21 }), binned);
  const presentation = itemAt(await smoothed.presentations(), 0);
  const repeat = itemAt(
    (await presentation.read()).responses[0]?.repeats ?? [],
    0,
  );
  const expected = [0, 0, 0, 0, 0, 0.2, 0.4, 0.2, 0, 0, 0, 0];
  assertEquals(repeat.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assertAlmostEquals(itemAt(repeat, i), value, 1e-15);
  }
});

Deno.test("smooth: 21 ms in bins of 10 ms change nothing", async () => {
  const [binned] = await pass(bin({ dtMs: 10 }), session);
  const [smoothed] = await pass(smooth({ windowMs: 21 }), binned);
  const read = async (s: typeof session): Promise<unknown> =>
    (await itemAt(await s.presentations(), 0).read()).responses[0]?.repeats;
  assertEquals(await read(smoothed), await read(binned));
});
