import { detrend } from "rxephys";
import { assertEquals } from "../support/assert.ts";
import { fakeSamples, fakeSession } from "../support/sessions/fake_session.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass } from "./_operator_cases.ts";

operatorCases("detrend", () => detrend(), [
  {
    call: () => detrend({ medianMs: 0 }),
    error: RangeError,
    message:
      "Cannot detrend: medianMs is 0, expected a number above 0, at most 10000",
  },
  {
    call: () => detrend({ gaussMs: NaN }),
    error: RangeError,
    message:
      "Cannot detrend: gaussMs is NaN, expected a number above 0, at most 10000",
  },
  {
    call: () => detrend({ medianMs: "100" as unknown as number }),
    error: TypeError,
    message: 'Cannot detrend: medianMs is "100", expected a number',
  },
]);

Deno.test("detrend: returns new arrays in mV for every stored type", async () => {
  const steps = Int16Array.from(fakeSamples(500, 3), (x) => 1000 * x);
  const before = steps.slice();
  const stored = fakeSession("int16", [{}], [{
    key: "a",
    durationMs: 500,
    waveform: new Int16Array(1),
    repeats: [[steps]],
  }], { scale: 0.01 });
  const inMv = fakeSession("float64", [{}], [{
    key: "a",
    durationMs: 500,
    waveform: new Int16Array(1),
    repeats: [[Float64Array.from(steps, (step) => step * 0.01)]],
  }]);
  const read = async (session: typeof stored): Promise<unknown> => {
    const [detrended] = await pass(detrend(), session);
    const presentation = itemAt(await detrended.presentations(), 0);
    return (await presentation.read()).responses;
  };
  assertEquals(await read(stored), await read(inMv));
  assertEquals(steps, before);
});
