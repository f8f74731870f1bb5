import {
  type CellResponse,
  RecordingError,
  type Session,
  type Stimulus,
  UnsupportedError,
} from "rxephys";
import { nwb, type NwbSourceOptions } from "rxephys/nwb";
import { firstValueFrom } from "rxjs";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import {
  type ExpectedArray,
  type ExpectedSession,
  type ExpectedTrace,
  VARIANTS,
} from "./_variants.ts";

for (const { name, path, sessions } of VARIANTS) {
  for (const expected of sessions) {
    const { intervals, column, dtMs, traces } = expected.options;
    const what = traces ?? (dtMs ? `spikes in bins of ${dtMs} ms` : "sweeps");
    const by = column ?? "their type";
    Deno.test(`nwb: ${name}.nwb, ${what} by ${by} of ${intervals}`, async () => {
      const options: NwbSourceOptions = {
        intervals,
        ...(column !== undefined && { stimulusColumn: column }),
        ...(traces !== undefined && { series: traces }),
        ...(traces === undefined && dtMs !== undefined && { dtMs }),
      };
      const session = await firstValueFrom(nwb(path, options));
      assertEquals(session.id, name);
      await checkSession(session, expected);
    });
  }
}

async function checkSession(
  session: Session,
  { presentations, options: { dtMs, traces }, rateHz }: ExpectedSession,
): Promise<void> {
  const found = await session.presentations();
  assertEquals(
    found.map(({ stimulus }) => stimulus.key),
    presentations.map(({ stimulus }) => String(stimulus)),
  );
  for (const [at, { responses, waveform }] of presentations.entries()) {
    const { stimulus, read: readTrials } = itemAt(found, at);
    if (waveform) await checkWaveform(stimulus, waveform);
    const read = await readTrials();
    assertEquals(session.cells.length, responses.length);
    assertEquals(read.responses.length, responses.length);
    for (const [cell, repeats] of responses.entries()) {
      const response = read.responses[cell];
      assertEquals(response?.repeats.length, repeats?.length);
      if (!response) continue;
      if (rateHz) assertEquals(response.rateHz, rateHz);
      if (traces === undefined) assertEquals(response.dtMs, dtMs);
      repeats?.forEach((repeat, row) => checkRepeat(response, row, repeat));
    }
  }
}

function checkRepeat(
  { repeats, scale }: CellResponse,
  row: number,
  expected: number[] | ExpectedTrace,
): void {
  const samples = Array.from(itemAt(repeats, row), (value) => value * scale);
  if ("every16th" in expected) {
    assertEquals(samples.length, expected.length);
    expected.every16th.forEach((value, at) =>
      assertClose(itemAt(samples, 16 * at), Number(value))
    );
    assertClose(sum(samples), Number(expected.sum));
  } else {
    assertEquals(samples, expected);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Products of factors depend on their order by a few last bits. */
function assertClose(found: number, expected: number): void {
  const bound = 1e-12 * Math.max(1, Math.abs(expected));
  assert(
    Math.abs(found - expected) <= bound,
    `${found} is not ${expected}`,
  );
}

async function checkWaveform(
  stimulus: Stimulus,
  expected: ExpectedArray,
): Promise<void> {
  const read = await stimulus.read();
  assert("samples" in read);
  assertEquals([read.samples.length], expected.shape);
  const samples = Float64Array.from(read.samples);
  if (expected.values) assertEquals([...samples], expected.values);
  else {
    const sum = await crypto.subtle.digest("SHA-256", samples);
    assertEquals(new Uint8Array(sum).toHex(), expected.sha256);
  }
}

async function readFirst(
  name: string,
  options: NwbSourceOptions,
): Promise<void> {
  const path = VARIANTS.find((variant) => variant.name === name)?.path ?? "";
  const session = await firstValueFrom(nwb(path, options));
  const [first] = await session.presentations();
  await first?.read();
}

Deno.test("nwb: refuses what other files hold, and what it cannot decode", async () => {
  await assertRejects(
    () => readFirst("external", { series: "raw" }),
    UnsupportedError,
    "raw",
  );
  await assertRejects(
    () => readFirst("external", { series: "elsewhere" }),
    UnsupportedError,
    "elsewhere",
  );
  await assertRejects(
    () => readFirst("filters", { series: "blosc" }),
    UnsupportedError,
    "filter 32001",
  );
  await assertRejects(
    () => readFirst("filters", { series: "lzf" }),
    UnsupportedError,
    "filter 32000",
  );
  await readFirst("filters", { series: "szip" });
  await readFirst("filters", { series: "scale_offset" });
});

Deno.test("nwb: names what a file holds where it cannot guess", async () => {
  await assertRejects(
    () => readFirst("unicode", {}),
    RecordingError,
    "Cannot stream NWB: no table of intervals has a column that names the " +
      "stimulus; it has the intervals trials (start_time, stop_time, Reiz); " +
      "give stimulusColumn",
  );
  await assertRejects(
    () => readFirst("modules", {}),
    RecordingError,
    "Cannot stream NWB: several series may hold the responses; it has " +
      "processing/behavior/BehavioralTimeSeries/speed (TimeSeries), ",
  );
  await assertRejects(
    () => readFirst("chunked", { intervals: "epochs" }),
    RecordingError,
    "Cannot stream NWB: there is no table epochs; it has the intervals trials " +
      "(start_time, stop_time, stimulus_name); give intervals",
  );
});
