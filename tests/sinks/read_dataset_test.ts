import {
  ArchiveError,
  crcnsAc1Pipeline,
  DataError,
  DataNotFoundError,
  FormatError,
  type NeuralDataset,
  readDataset,
  RecordingError,
  type Session,
  toDataset,
  toNdjson,
  toNpz,
  toZarr,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { EMPTY, lastValueFrom, type Observable } from "rxjs";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { FILE_SINKS } from "../support/sessions/file_sinks.ts";
import { randomDataset } from "../support/sessions/random_dataset.ts";
import { itemAt } from "../support/item_at.ts";

function atPath(run: (path: string) => Promise<void>): Promise<void> {
  return inFolder((folder) => run(`${folder}/x`));
}

function everything(dataset: NeuralDataset): unknown {
  const { stims, responses, nrnMasks, stimMeta, nrnMeta, tally } = dataset;
  const { dt, F, samplesPerBin, signalType } = dataset;
  return {
    ...{ stims, responses, nrnMasks, stimMeta, nrnMeta, tally },
    ...{ dt, F, samplesPerBin, signalType },
  };
}

const STREAMS: readonly (readonly [string, () => Observable<Session>])[] = [
  ["Wehr", () => wehr("tests/fixtures/ac1-tiny").pipe(crcnsAc1Pipeline())],
  [
    "Wehr's waveforms",
    () =>
      wehr("tests/fixtures/ac1-tiny").pipe(
        crcnsAc1Pipeline({ stimuli: "waveform", audioRateHz: 8000 }),
      ),
  ],
  [
    "Wingert with silent cells",
    () =>
      wingert2026("tests/fixtures/wingert-small", { includeUnlabeled: true })
        .pipe(wingert2026Pipeline({ normalize: "none" })),
  ],
];

for (const [format, sink] of Object.entries(FILE_SINKS)) {
  for (const [name, stream] of STREAMS) {
    Deno.test(`readDataset: ${name} from ${format} equals toDataset's result`, () =>
      atPath(async (path) => {
        await lastValueFrom(stream().pipe(sink(path)));
        const expected = await lastValueFrom(stream().pipe(toDataset()));
        const found = await readDataset(path);
        assertEquals(everything(found), everything(expected));
      }));
  }

  Deno.test(`readDataset: random datasets survive a round trip through ${format}`, async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const options = seed % 4 === 0 ? { samplesPerBin: 3 } : {};
      const dataset = randomDataset(seed, options);
      if (seed % 2 === 0) dataset.computeNeuronQuality();
      await atPath(async (path) => {
        await lastValueFrom(dataset.sessions().pipe(sink(path)));
        const found = await readDataset(path);
        // The kind is written with each response; without responses it is raw.
        assertEquals(everything(found), everything(dataset), `seed ${seed}`);
      });
    }
  });

  Deno.test(`readDataset: refuses truncated ${format}`, () =>
    atPath(async (path) => {
      await lastValueFrom(randomDataset(3).sessions().pipe(sink(path)));
      const file = format === "Zarr" ? `${path}/zarr.json` : path;
      const whole = await Deno.readFile(file);
      for (let i = 1; i <= 40; i++) {
        const bytes = whole.subarray(0, Math.floor(whole.length * i / 41));
        await Deno.writeFile(file, bytes);
        await assertRejects(() => readDataset(path), DataError);
      }
    }));
}

Deno.test("readDataset: refuses NDJSON with missing or extra lines at the end", () =>
  atPath(async (path) => {
    await lastValueFrom(randomDataset(3).sessions().pipe(toNdjson(path)));
    const lines = (await Deno.readTextFile(path)).split(/(?<=\n)/);
    for (let left = 0; left < lines.length; left++) {
      await Deno.writeTextFile(path, lines.slice(0, left).join(""));
      await assertRejects(() => readDataset(path), DataError);
    }
    await Deno.writeTextFile(path, [...lines, lines[1]].join(""));
    await assertRejects(
      () => readDataset(path),
      ArchiveError,
      "Cannot read NDJSON: lines follow its end",
    );
    await Deno.writeTextFile(path, lines.toSpliced(1, 1).join(""));
    await assertRejects(() => readDataset(path), DataError);
  }));

Deno.test("readDataset: refuses a file of an empty stream", async () => {
  for (const sink of Object.values(FILE_SINKS)) {
    await atPath(async (path) => {
      await lastValueFrom(EMPTY.pipe(sink(path)));
      await assertRejects(
        () => readDataset(path),
        RecordingError,
        "no session has a response left",
      );
    });
  }
});

Deno.test("readDataset: refuses a missing file and an unknown format", () =>
  atPath(async (path) => {
    await assertRejects(() => readDataset(path), DataNotFoundError, path);
    await Deno.writeTextFile(path, "neither of the four");
    await assertRejects(
      () => readDataset(path),
      FormatError,
      "Cannot read dataset: it is none of NDJSON, NPZ, safetensors and Zarr",
    );
    await assertRejects(() => readDataset(1 as unknown as string), TypeError);
  }));

Deno.test("readDataset: the CRC of NPZ detects a flipped bit", () =>
  atPath(async (path) => {
    await lastValueFrom(randomDataset(3).sessions().pipe(toNpz(path)));
    const bytes = await Deno.readFile(path);
    (bytes[30 + "stimuli/0.npy".length + 128 + 5] as number) ^= 1;
    await Deno.writeFile(path, bytes);
    const error = await assertRejects(() => readDataset(path), ArchiveError);
    assertEquals((error as ArchiveError).member, "stimuli/0.npy");
  }));

Deno.test("readDataset: refuses a missing Zarr chunk instead of filling it with zeros", () =>
  atPath(async (path) => {
    await lastValueFrom(randomDataset(3).sessions().pipe(toZarr(path)));
    await Deno.remove(`${path}/stimuli/0/c`, { recursive: true });
    const error = await assertRejects(() => readDataset(path), ArchiveError);
    assertEquals((error as ArchiveError).member, "stimuli/0");
  }));

Deno.test("readDataset: refuses a file of raw sessions", () =>
  atPath(async (path) => {
    const raw = wehr("tests/fixtures/ac1-tiny");
    await lastValueFrom(raw.pipe(toNpz(path)));
    await assertRejects(
      () => readDataset(path),
      RecordingError,
      "expected bin() and mask() before it was written",
    );
  }));

Deno.test("readDataset: an aborted signal rejects with its reason", () =>
  atPath(async (path) => {
    await lastValueFrom(randomDataset(3).sessions().pipe(toNpz(path)));
    const reason = new Error("left");
    const signal = AbortSignal.abort(reason);
    await assertRejects(() => readDataset(path, { signal }), Error, "left");
    assert((await readDataset(path)).S > 0);
  }));

for (const bandsHz of ["x", [100], [100, "x"], { length: 53 }]) {
  Deno.test(`readDataset: refuses bandsHz of ${JSON.stringify(bandsHz)}`, () =>
    atPath(async (path) => {
      const stream = wehr("tests/fixtures/ac1-tiny").pipe(
        crcnsAc1Pipeline({ fmaxHz: 200, bandsPerOctave: 1 }),
      );
      await lastValueFrom(stream.pipe(toNdjson(path)));
      const lines = (await Deno.readTextFile(path)).split("\n");
      const first = JSON.parse(itemAt(lines, 0));
      assertEquals(first.bandsHz, [100, 200]);
      lines[0] = JSON.stringify({ ...first, bandsHz });
      await Deno.writeTextFile(path, lines.join("\n"));
      await assertRejects(
        () => readDataset(path),
        FormatError,
        "Cannot read dataset: bandsHz is no list of 2 frequencies",
      );
    }));
}

Deno.test("readDataset: keeps the range of bands, and refuses another", () =>
  atPath(async (path) => {
    const stream = wingert2026("tests/fixtures/wingert-small", {
      site: "CLT027c",
    });
    await lastValueFrom(stream.pipe(toNdjson(path)));
    assertEquals((await readDataset(path)).bandRangeHz, [200, 20_000]);
    const lines = (await Deno.readTextFile(path)).split("\n");
    const first = JSON.parse(itemAt(lines, 0));
    for (const bandRangeHz of ["x", [100], [200, 100], [0, 100], [1, null]]) {
      lines[0] = JSON.stringify({ ...first, bandRangeHz });
      await Deno.writeTextFile(path, lines.join("\n"));
      await assertRejects(
        () => readDataset(path),
        FormatError,
        "expected two frequencies above 0, ascending",
      );
    }
  }));
