import {
  ArchiveError,
  DataNotFoundError,
  FormatError,
  mask,
  type NeuralDataset,
  parallel,
  toDataset,
  wingert2026,
  type Wingert2026Options,
  type WingertFiles,
} from "rxephys";
import { writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";
import { openSounds } from "../../../src/sources/wingert2026/_sounds.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import { inFolder } from "../../support/in_folder.ts";
import { itemAt } from "../../support/item_at.ts";
import { rangeServer } from "../../support/servers/range_server.ts";
import { wavFile } from "../../support/wav_file.ts";
import { RECORDING, recordingTarball } from "./_wingert_release.ts";
import { cellList } from "./_wingert_release.ts";

const FIXTURE = new URL("../../fixtures/wingert-wav/", import.meta.url);

interface Golden {
  readonly stimulus: string;
  readonly bins: number;
  readonly prestimMs: number;
  readonly length: number;
  readonly nonzero: number;
  readonly sha256: string;
}

const goldens: readonly Golden[] = JSON.parse(
  Deno.readTextFileSync(new URL("expected.json", FIXTURE)),
);

for (const { stimulus, bins, prestimMs, ...expected } of goldens) {
  Deno.test(`wingert2026: ${stimulus} in ${bins} bins after ${prestimMs} ms equals deepSTRF's waveform`, async () => {
    const wav = decodeURIComponent(FIXTURE.pathname);
    const sounds = await openSounds(
      { wav, recordings: undefined, prestimMs },
      {},
    );
    const { samples, rateHz } = await sounds.read(stimulus, bins, {});
    assertEquals(rateHz, 44_100);
    assertEquals({
      length: samples.length,
      nonzero: [...samples].filter((value) => value !== 0).length,
      sha256: await sha256(Float32Array.from(samples)),
    }, expected);
  });
}

async function sha256(values: Float32Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", values);
  return new Uint8Array(hash).toHex();
}

const SITE = "PRN015a";

/** The stimuli of one site as waveforms. */
function load(
  data: string | WingertFiles,
  options: Wingert2026Options = {},
  { audioRateHz = 44_100, workers = 0 } = {},
): Promise<NeuralDataset> {
  const sessions = wingert2026(data, {
    site: SITE,
    stimuli: "waveform",
    indexFolder: "/nonexistent/never",
    ...options,
  });
  return lastValueFrom(
    (workers > 0 ? sessions.pipe(parallel({ workers })) : sessions)
      .pipe(mask({ audioRateHz }), toDataset()),
  );
}

Deno.test("wingert2026: waveforms of a synthetic release, wherever they are", () =>
  inFolder(async (folder) => {
    const { sites } = await writeSyntheticWingert(folder, {
      scale: 1,
      sounds: true,
    });
    const played = sites.flatMap(({ stimuli }) => stimuli);
    const isShared = (name: unknown): boolean =>
      played.filter((other) => other === name).length > 1;
    const plain = await lastValueFrom(
      wingert2026(folder, { site: SITE, indexFolder: "/nonexistent/never" })
        .pipe(toDataset()),
    );
    const data = await load(folder);
    const { samplesPerBin, dt, F, S } = data;
    assertEquals([samplesPerBin, dt, F, S], [441, 10, 0, plain.S]);
    assertEquals(data.stimMeta, plain.stimMeta);
    assertEquals(data.nrnMeta, plain.nrnMeta);
    assertEquals(data.responses, plain.responses);
    let unshared = 0;
    for (const [s, { shape, data: samples }] of data.stims.entries()) {
      assertEquals(shape, [1, 2000 * 441]);
      assert(samples.subarray(0, 44_100).every((value) => value === 0));
      const end = 44_100 + 784_539;
      assert(samples.subarray(end).every((value) => value === 0));
      // A sound that several sites share follows the first one's spectrogram.
      if (isShared(plain.stimMeta[s]?.name)) continue;
      assertLoudness(samples, itemAt(plain.stims, s).data);
      unshared++;
    }
    assert(unshared > 0);
    assertEquals((await load(folder, {}, { workers: 2 })).stims, data.stims);
    const late = await load(folder, { prestimMs: 1500 });
    assertEquals(
      late.stims[0]?.data.subarray(66_150, 88_200),
      data.stims[0]?.data.subarray(44_100, 66_150),
    );
    await assertElsewhere(folder, data);
  }));

/** Loudness in a bin follows the mean of the bands there. */
function assertLoudness(samples: Float32Array, bands: Float32Array): void {
  const bins = bands.length / 32;
  const pairs = Array.from({ length: 1779 }, (_, i) => {
    const at = 100 + i;
    let level = 0;
    for (let band = 0; band < 32; band++) level += bands[band * bins + at] ?? 0;
    const own = samples.subarray(at * 441, (at + 1) * 441);
    return [own.reduce((a, b) => Math.max(a, Math.abs(b)), 0), level] as const;
  });
  const mean = (k: 0 | 1): number =>
    pairs.reduce((sum, pair) => sum + pair[k], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  const sum = (f: (x: number, y: number) => number): number =>
    pairs.reduce((total, [x, y]) => total + f(x - a, y - b), 0);
  const r = sum((x, y) => x * y) /
    Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
  assert(r > 0.95, `correlation ${r}`);
}

/** The same from files, an extracted folder and a server; resampled. */
async function assertElsewhere(
  folder: string,
  data: NeuralDataset,
): Promise<void> {
  const blob = (name: string): Blob =>
    new Blob([Deno.readFileSync(`${folder}/${name}`)]);
  const both = {
    cellList: blob("cell_list.csv"),
    recordings: blob("recordings.zip"),
  };
  const files = { ...both, wav: blob("wav.zip") };
  assertEquals((await load(files)).stims, data.stims);
  await assertRejects(
    () => load(both),
    DataNotFoundError,
    "Cannot find the sounds: the recordings are a file, expected data.wav",
  );
  await using server = rangeServer(Object.fromEntries(
    ["cell_list.csv", "recordings.zip", "wav.zip"].map((name) => [
      name,
      Deno.readFileSync(`${folder}/${name}`),
    ]),
  ));
  assertEquals((await load(server.url)).stims, data.stims);
  const wav = `${server.url}wav.zip`;
  assertEquals((await load(folder, { wav })).stims, data.stims);
  const low = await load(folder, {}, { audioRateHz: 8000 });
  assertEquals(low.samplesPerBin, 80);
  assertEquals(low.stims[0]?.shape, [1, 160_000]);
  assertEquals(low.responses, data.responses);
  await extract(files.wav, `${folder}/extracted`);
  const extracted = { wav: `${folder}/extracted/wav` };
  assertEquals((await load(folder, extracted)).stims, data.stims);
  await Deno.remove(`${folder}/wav.zip`);
  await assertRejects(
    () => load(folder),
    DataNotFoundError,
    "Cannot find the sounds: there is neither wav.zip nor wav/ beside the " +
      'recordings; download("wingert2026", { files: ["wav.zip"] }) fetches it',
  );
  await Deno.rename(`${folder}/extracted/wav`, `${folder}/wav`);
  assertEquals((await load(folder)).stims, data.stims);
}

async function extract(zip: Blob, folder: string): Promise<void> {
  const { BlobReader, Uint8ArrayWriter, ZipReader } = await import(
    "@zip-js/zip-js"
  );
  const reader = new ZipReader(new BlobReader(zip), { useWebWorkers: false });
  await Deno.mkdir(`${folder}/wav`, { recursive: true });
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    const bytes = await entry.getData(new Uint8ArrayWriter());
    await Deno.writeFile(`${folder}/${entry.filename}`, bytes);
  }
  await reader.close();
}

const SOUND = wavFile({
  bits: 16,
  rateHz: 22_050,
  data: Int16Array.from({ length: 2205 }, (_, i) => 1 + i),
});

/** Runs a test on a release of one recording with these sounds. */
async function withSounds(
  sounds: Readonly<Record<string, Uint8Array>>,
  run: (folder: string) => Promise<unknown>,
): Promise<void> {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/recordings`);
    await Deno.mkdir(`${folder}/wav`);
    await Deno.writeTextFile(`${folder}/cell_list.csv`, cellList());
    await Deno.writeFile(
      `${folder}/recordings/TST001a_0.tgz`,
      recordingTarball(RECORDING),
    );
    for (const [name, bytes] of Object.entries(sounds)) {
      await Deno.writeFile(`${folder}/wav/${name}`, bytes);
    }
    await run(folder);
  });
}

const own: Wingert2026Options = { site: "TST001a", prestimMs: 100 };

Deno.test("wingert2026: a sound without a whole number of samples in a bin is resampled", () =>
  withSounds({ "00A.wav": SOUND, "b.WAV": SOUND }, async (folder) => {
    const data = await load(folder, own, { audioRateHz: 44_100 });
    for (const { shape, data: samples } of data.stims) {
      const bins = itemAt(shape, 1) / 441;
      assert(Number.isInteger(bins), `${shape}`);
      const first = samples.findIndex((value) => Math.abs(value) > 1e-3);
      assert(Math.abs(first - 4410) < 200, `starts at ${first}`);
      // A tenth of a second of a ramp up to 2205 / 32768.
      const at = samples[4410 + 2000] ?? 0;
      assert(Math.abs(at * 32768 - 1001) < 2, `${at * 32768}`);
    }
    const plain = await lastValueFrom(
      wingert2026(folder, { site: "TST001a" }).pipe(toDataset()),
    );
    assertEquals(data.responses, plain.responses);
  }));

Deno.test("wingert2026: a sound that is missing or damaged is named", async () => {
  await withSounds({ "00a.wav": SOUND }, (folder) =>
    assertRejects(
      () => load(folder, own),
      DataNotFoundError,
      "Cannot read the sound of STIM_b.wav: there is no b.wav",
    ));
  const cut = SOUND.subarray(0, 1000);
  await withSounds({ "00a.wav": cut, "b.wav": SOUND }, async (folder) => {
    const error = await assertRejects(() => load(folder, own), FormatError);
    assertEquals(error.member, "00a.wav");
  });
  await withSounds({}, (folder) =>
    assertRejects(
      () => load(folder, own),
      DataNotFoundError,
      "Cannot find the sounds: there is no *.wav",
    ));
  await withSounds({ "00a.wav": SOUND, "b.wav": SOUND }, async (folder) => {
    await Deno.writeTextFile(`${folder}/wav.zip`, "no zip");
    await assertRejects(() => load(folder, own), ArchiveError);
  });
});

Deno.test("wingert2026: refuses options of waveforms at the call", () => {
  const refused: [Record<string, unknown>, typeof RangeError, string][] = [
    [
      { stimuli: "sound" },
      RangeError,
      "stimuli is sound, expected spectrogram or waveform",
    ],
    [{ prestimMs: -1 }, RangeError, "prestimMs is -1, expected 0 to 10000"],
    [{ prestimMs: "1" }, TypeError, 'prestimMs is "1", expected a number'],
    [{ wav: 7 }, TypeError, "wav is 7, expected a path, a URL, a File"],
  ];
  for (const [options, type, message] of refused) {
    assertThrows(
      () => wingert2026("x", options as Wingert2026Options),
      type,
      `Cannot stream Wingert 2026: ${message}`,
    );
  }
  assertThrows(
    () =>
      wingert2026({ cellList: "a", recordings: "b", wav: "c" }, { wav: "d" }),
    TypeError,
    "wav is given twice, expected it in data alone",
  );
});
