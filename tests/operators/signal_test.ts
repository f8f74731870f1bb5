import { type CellResponse, type Session, signal } from "rxephys";
import { assert, assertEquals } from "../support/assert.ts";
import { fakeSamples, fakeSession } from "../support/fake_session.ts";
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
  const [presentation] = await session.presentations();
  return (await presentation.read()).responses[0];
}

Deno.test("signal: whole cell keeps the membrane potential", async () => {
  const response = await signalOf("whole-cell");
  assertEquals(response?.kind, "subthresh");
  assertEquals(response?.repeats[0][300], 40);
});

Deno.test("signal: cell attached gives a spike rate around the spikes", async () => {
  const response = await signalOf("cell-attached");
  assertEquals(response?.kind, "spikes");
  const rate = response?.repeats[0] ?? [];
  assertEquals(rate.length, 1000);
  assert(rate[300] >= 1 && rate[700] >= 1);
  assertEquals(rate[500], 0);
});

Deno.test("signal: what is derived already stays", async () => {
  const [once] = await pass(signal(), recorded("cell-attached"));
  const [twice] = await pass(signal({ thresholdSigma: 50 }), once);
  const read = async (session: Session): Promise<unknown> =>
    (await (await session.presentations())[0].read()).responses;
  assertEquals(await read(twice), await read(once));
});
