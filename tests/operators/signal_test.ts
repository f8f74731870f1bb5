import { type CellResponse, detrend, type Session, signal } from "rxephys";
import type { Observable } from "rxjs";
import { assert, assertAlmostEquals, assertEquals } from "../support/assert.ts";
import { fakeSamples, fakeSession } from "../support/sessions/fake_session.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass } from "./_operator_cases.ts";

operatorCases("signal", () => signal(), [
  {
    call: () => signal({ thresholdSigma: 0 }),
    error: RangeError,
    message:
      "Cannot derive the signal: thresholdSigma is 0, expected a number above 0, at most 100",
  },
  ...["spikeMedianMs", "spikeGaussMs", "clipMedianMs", "spikeSmoothMs"].map(
    (name) => ({
      call: () => signal({ [name]: -1 }),
      error: RangeError,
      message:
        `Cannot derive the signal: ${name} is -1, expected a number above 0, at most 10000`,
    }),
  ),
]);

function recorded(recordingType: string): Session {
  const trace = fakeSamples(1000, 5);
  trace[300] = trace[700] = 40;
  return fakeSession("s", [{ recordingType }], [{
    key: "a",
    durationMs: 1000,
    waveform: new Int16Array(1),
    repeats: [[trace]],
  }]);
}

async function signalOf(recordingType: string): Promise<CellResponse | null> {
  const [session] = await pass(signal(), recorded(recordingType));
  const presentation = itemAt(await session.presentations(), 0);
  return itemAt((await presentation.read()).responses, 0);
}

Deno.test("signal: whole-cell recordings keep the membrane potential", async () => {
  const response = await signalOf("whole-cell");
  assertEquals(response?.kind, "subthresh");
  assertEquals(response?.repeats[0]?.[300], 40);
});

Deno.test("signal: cell-attached recordings give a spike rate around the spikes", async () => {
  const response = await signalOf("cell-attached");
  assertEquals(response?.kind, "spikes");
  const rate = response?.repeats[0] ?? [];
  assertEquals(rate.length, 1000);
  assert(itemAt(rate, 300) >= 1 && itemAt(rate, 700) >= 1);
  assertEquals(rate[500], 0);
});

Deno.test("signal: a second signal() changes nothing", async () => {
  const [once] = await pass(signal(), recorded("cell-attached"));
  const [twice] = await pass(signal({ thresholdSigma: 50 }), once);
  const read = async (session: Session): Promise<unknown> =>
    (await itemAt(await session.presentations(), 0).read()).responses;
  assertEquals(await read(twice), await read(once));
});

// Sum and first moment by deepSTRF 0.1.0: detect_spikes_psth(medgauss_detrend(x,
// 1000, 20, 3), 1000, the same windows, or 100 and 10), SciPy 1.10.
const AGAIN = [
  [{}, 50, 74_670],
  [{ spikeMedianMs: 100, spikeGaussMs: 10 }, 70, 129_840],
] as const;

for (const [options, sum, moment] of AGAIN) {
  const name = JSON.stringify(options);
  Deno.test(`signal: detrends spikes again, ${name}, after detrend({ medianMs: 20, gaussMs: 3 })`, async () => {
    const trace = fakeSamples(4000, 5);
    for (const first of [60, 100, 300, 700, 1500, 2600]) {
      for (let at = first; at < first + 40; at++) {
        trace[at] = itemAt(trace, at) + 2;
      }
    }
    const cells = [{ recordingType: "cell-attached" }];
    const session = fakeSession("s", cells, [{
      key: "a",
      durationMs: 4000,
      waveform: new Int16Array(1),
      repeats: [[trace]],
    }]);
    const chain = (sessions: Observable<Session>): Observable<Session> =>
      sessions.pipe(detrend({ medianMs: 20, gaussMs: 3 }), signal(options));
    const [passed] = await pass(chain, session);
    const presentation = itemAt(await passed.presentations(), 0);
    const [response] = (await presentation.read()).responses;
    const rate = Float64Array.from(response?.repeats[0] ?? []);
    assertAlmostEquals(rate.reduce((all, x) => all + x, 0), sum, 1e-9);
    const weighted = rate.map((x, at) => x * at);
    assertAlmostEquals(weighted.reduce((all, x) => all + x, 0), moment, 1e-6);
    assertEquals(response && "detrended" in response, false);
  });
}
