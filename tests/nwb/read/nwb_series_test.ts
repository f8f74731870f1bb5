import {
  FormatError,
  RecordingError,
  type Session,
  UnsupportedError,
} from "rxephys";
import { nwb, type NwbSourceOptions } from "rxephys/nwb";
import { firstValueFrom } from "rxjs";
import {
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "../../support/assert.ts";
import { inFolder } from "../../support/in_folder.ts";
import { type ForeignFile, writeForeign } from "./_foreign_file.ts";

const TRIALS = {
  start_time: Float64Array.of(0.01, 0.03, 0.05),
  stop_time: Float64Array.of(0.02, 0.04, 0.06),
  stimulus: ["a", "b", "a"],
};
const RAMP = Int16Array.from({ length: 60 }, (_, at) => at);

/** A session of a file that a function writes. */
async function withSession(
  write: (file: ForeignFile) => void,
  run: (session: Session) => Promise<void>,
  options: NwbSourceOptions = {},
): Promise<void> {
  await inFolder(async (folder) => {
    const path = `${folder}/a.nwb`;
    await writeForeign(path, write);
    await run(await firstValueFrom(nwb(path, options)));
  });
}

/** Repeats of every cell in units, by stimulus. */
async function tracesIn(session: Session): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const { stimulus, read } of await session.presentations()) {
    const { responses } = await read();
    all[stimulus.key] = responses.map((response) =>
      response?.repeats.map((repeat) =>
        Array.from(repeat, (value) => value * response.scale)
      ) ?? null
    );
  }
  return all;
}

const range = (from: number, to: number, factor = 1): number[] =>
  Array.from({ length: to - from }, (_, at) => (from + at) * factor);

Deno.test("nwb: the only series is cut by trials; a trial beyond its end is skipped", async () => {
  const warnings: string[] = [];
  await withSession((file) => {
    file.table("intervals/trials", TRIALS);
    file.series("acquisition/v", { values: RAMP.subarray(0, 55) });
  }, async (session) => {
    assertEquals(await tracesIn(session), {
      a: [[range(10, 20, 1000)]],
      b: [[range(30, 40, 1000)]],
    });
    assertEquals(warnings, [
      "the trial at 0.05 s has no samples for a part of it and is skipped",
    ]);
    assertEquals(session.id, "a");
    assertEquals(session.cells, [
      { date: "20240506", session: "a", cellId: "a/v" },
    ]);
  }, { onWarning: ({ message }) => warnings.push(message) });
});

Deno.test("nwb: int16 keeps its class, offset and other integers become float64", async () => {
  for (
    const [values, offset, kind, scale] of [
      [RAMP, 0, Int16Array, 0.5],
      [RAMP, 0.25, Float64Array, 1],
      [Int32Array.from(RAMP), 0, Float64Array, 1],
      [Float32Array.from(RAMP), 0, Float64Array, 1],
    ] as const
  ) {
    await withSession((file) => {
      file.table("intervals/trials", TRIALS);
      const unit = "pA";
      const series = { values, offset, conversion: 0.5, unit };
      file.series("acquisition/v", series);
    }, async (session) => {
      const [first] = await session.presentations();
      const [response] = (await first?.read())?.responses ?? [];
      assertEquals(response?.repeats[0]?.constructor, kind);
      assertEquals(response?.scale, scale);
      assertEquals(response?.unit, "pA");
      const [value = NaN] = response?.repeats[1] ?? [];
      assertEquals(value * scale, 50 * 0.5 + offset);
      await tracesIn(session);
    });
  }
});

Deno.test("nwb: jittered timestamps have their mean rate; a gap skips the repeat", async () => {
  const times = Float64Array.from(
    { length: 60 },
    (_, at) => (at + 0.2 * (at % 2)) / 1000,
  );
  const warnings: string[] = [];
  await withSession((file) => {
    file.table("intervals/trials", TRIALS);
    const gap = times.filter((_, at) => at !== 34);
    const values = RAMP.filter((_, at) => at !== 34);
    file.series("acquisition/v", { values, timestamps: gap, unit: "mV" });
  }, async (session) => {
    assertEquals(await tracesIn(session), {
      a: [[range(10, 20), range(50, 60)]],
      b: [null],
    });
    const [first] = await session.presentations();
    const [response] = (await first?.read())?.responses ?? [];
    // 58 timestamps, of which the last is 0.2 samples late.
    assertAlmostEquals(response?.rateHz ?? NaN, 1000, 4);
    assertEquals(warnings, ["unusable-repeat"]);
    await tracesIn(session);
  }, { onWarning: ({ kind }) => warnings.push(kind) });
});

Deno.test("nwb: sweeps without tables are trials, with the sound of their number", async () => {
  const electrodes = "general/intracellular_ephys";
  await withSession((file) => {
    file.group(electrodes);
    for (const name of ["left", "right"]) {
      file.group(`${electrodes}/${name}`, "IntracellularElectrode");
    }
    for (let sweep = 0; sweep < 4; sweep++) {
      const electrode = `${electrodes}/${["left", "right"][sweep % 2]}`;
      const attributes = {
        sweep_number: sweep,
        stimulus_description: sweep < 2 ? "noise" : "ramp",
      };
      const startS = 10 - sweep;
      file.series(`acquisition/sweep_${sweep}`, {
        type: "CurrentClampSeries",
        values: RAMP.map((value) => value + sweep).subarray(0, 4),
        conversion: 0.001,
        ...{ electrode, attributes, startS },
      });
      file.series(`stimulus/presentation/sound_${sweep}`, {
        values: Float32Array.of(sweep, 2, 3),
        rateHz: 500,
        ...{ electrode, attributes, startS },
      });
    }
  }, async (session) => {
    assertEquals(session.cells.map(({ cellId }) => cellId), [
      "a/left",
      "a/right",
    ]);
    assertEquals(session.cells[0]?.recordingType, "whole-cell");
    // By their times: the last sweep starts first.
    assertEquals(await tracesIn(session), {
      ramp: [[[2, 3, 4, 5]], [[3, 4, 5, 6]]],
      noise: [[[0, 1, 2, 3]], [[1, 2, 3, 4]]],
    });
    const [ramp] = await session.presentations();
    assertEquals(await ramp?.stimulus.read(), {
      samples: Float32Array.of(3, 2, 3),
      rateHz: 500,
    });
    await tracesIn(session);
  });
});

Deno.test("nwb: stimuli are cut from the only series, or are tensors", async () => {
  const write = (file: ForeignFile): void => {
    file.table("intervals/trials", TRIALS);
    file.series("acquisition/v", { values: RAMP });
    file.series("stimulus/presentation/all", {
      values: Float32Array.from({ length: 120 }, (_, at) => at),
      shape: [60, 2],
      unit: "dB",
    });
    file.series("stimulus/templates/b.wav", {
      values: Int16Array.of(1, 2),
      conversion: 0.5,
      rateHz: 8000,
    });
  };
  await withSession(write, async (session) => {
    const [a, b] = await session.presentations();
    assertEquals(await a?.stimulus.read(), {
      data: Float32Array.from([
        ...range(10, 20).map((bin) => 2 * bin),
        ...range(10, 20).map((bin) => 2 * bin + 1),
      ]),
      shape: [1, 2, 10],
      dtMs: 1,
      unit: "dB",
    });
    assertEquals(b?.stimulus.durationMs, 10);
    await tracesIn(session);
  });
  await withSession(write, async (session) => {
    const [, b] = await session.presentations();
    const read = await b?.stimulus.read();
    assertEquals(read && "shape" in read && read.shape, [1, 2, 10]);
    await tracesIn(session);
  }, { stimulusSeries: "all" });
});

Deno.test("nwb: what is no sound, no series or no table is a typed error", async () => {
  const write = (file: ForeignFile): void => {
    file.table("intervals/trials", TRIALS);
    file.series("acquisition/v", { values: RAMP });
    file.series("acquisition/cube", {
      values: RAMP,
      shape: [15, 2, 2],
    });
    file.series("stimulus/presentation/index", {
      type: "IndexSeries",
      values: Int32Array.from(RAMP),
    });
    file.group("acquisition/empty", "TimeSeries");
  };
  await withSession(write, async (session) => {
    const [a] = await session.presentations();
    await assertRejects(
      async () => await a?.stimulus.read(),
      UnsupportedError,
      'Cannot read stimulus "a": it is of type IndexSeries, expected a sampled ' +
        'sound; give stimulusSeries, or stimuli: "presence"',
    );
    await tracesIn(session);
  }, { series: "v" });
  await assertRejects(
    () => withSession(write, () => Promise.resolve(), { series: "cube" }),
    UnsupportedError,
    "Cannot read NWB: its data are integer [15, 2, 2], expected numbers [n] or " +
      "[n, channels]",
  );
  await assertRejects(
    () => withSession(write, () => Promise.resolve(), { series: "empty" }),
    RecordingError,
    "Cannot stream NWB: there is no series empty; it has acquisition/",
  );
});

Deno.test("nwb: HDF5 of another kind, and NWB 1, are refused", async () => {
  await inFolder(async (folder) => {
    const other = new URL(
      "../../fixtures/nwb-hdf5/earliest.h5",
      import.meta.url,
    );
    await Deno.copyFile(other, `${folder}/a.nwb`);
    await assertRejects(
      () => firstValueFrom(nwb(`${folder}/a.nwb`)),
      FormatError,
      "Cannot stream NWB: the file has no nwb_version, so it is of another " +
        "format",
    );
    await writeForeign(`${folder}/b.nwb`, () => {}, "1.0.6");
    await assertRejects(
      () => firstValueFrom(nwb(`${folder}/b.nwb`)),
      UnsupportedError,
      "Cannot stream NWB: the file is of version 1.0.6, expected 2",
    );
  });
});
