import { OutputError, type Tensor, type Trials, type Waveform } from "rxephys";
import { sfc32 } from "../../../src/base/random.ts";
import { ReadSpill } from "../../../src/sinks/spill/read_spill.ts";
import type { ReadResult } from "../../../src/stream/kept_reads.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "../../support/assert.ts";
import { inFolder } from "../../support/in_folder.ts";
import { CAN_MOUNT, onSmallDisk } from "../../support/small_disk.ts";
import { writeProcessArgs } from "../../support/sessions/write_noise.ts";
import { namesIn } from "../../support/tree.ts";

const TALLY = { range: 1, step: 2, xcorr: 0, kept: 3 };
const TENSOR: Tensor = {
  data: Float32Array.of(1, NaN, -0, Infinity, 1 / 3, 2e-45),
  shape: [1, 2, 3],
  unit: "dB",
  dtMs: 1 / 3,
  samplesPerBin: 2,
  bandsHz: [100.1, 1e4 / 3],
  bandRangeHz: [200, 20_000],
};
const WAVEFORMS: readonly Waveform[] = [
  { samples: Int16Array.of(1, -2, 3), rateHz: 44_100, aliases: "published" },
  { samples: Float64Array.of(1 / 3, -0, NaN), rateHz: 8000 },
  { samples: new Float32Array(0), rateHz: 1 },
];
const TRIALS: Trials = {
  responses: [
    {
      repeats: [Float32Array.of(1, 2), Float32Array.of(3), new Float32Array(0)],
      scale: 1,
      rateHz: 4000,
      kind: "subthresh",
      unit: "mV",
      dtMs: 0.25,
      detrended: { medianMs: 10, gaussMs: 2.5 },
    },
    null,
    { repeats: [], scale: 1, rateHz: 100, kind: "raw" },
  ],
  tally: TALLY,
};

async function withSpill(
  run: (spill: ReadSpill, path: string, folder: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = `${folder}/x.part.reads`;
    const spill = new ReadSpill("write NPZ", path);
    try {
      await run(spill, path, folder);
    } finally {
      await spill.pending;
      spill.end();
    }
    assertEquals(namesIn(folder).includes("x.part.reads"), false);
  });
}

Deno.test("ReadSpill: gives back what it keeps, in any order, in arrays of its own", () =>
  withSpill(async (spill) => {
    const results: ReadResult[] = [TENSOR, ...WAVEFORMS, TRIALS];
    const before = structuredClone(results);
    const kept = [];
    for (const result of results) kept.push(await spill.keep(result));
    const taken = await Promise.all(kept.toReversed().map((one) => one.take()));
    assertEquals(taken.reverse(), before);
    assertEquals(results, before);
    const [tensor] = taken as [Tensor];
    assert(tensor.data !== TENSOR.data);
    assertEquals(tensor.data.buffer.byteLength, tensor.data.byteLength);
  }));

Deno.test("ReadSpill: repeats become float32 in the response's unit", () =>
  withSpill(async (spill) => {
    const response = { scale: 0.1, rateHz: 100, kind: "raw" } as const;
    const repeats = [Int16Array.of(1, 2), Float64Array.of(3)];
    const kept = await spill.keep<Trials>({
      responses: [{ ...response, repeats }],
      tally: TALLY,
    });
    assertEquals(await kept.take(), {
      responses: [{
        ...response,
        scale: 1,
        repeats: [Float32Array.of(0.1, 0.2), Float32Array.of(3 * 0.1)],
      }],
      tally: TALLY,
    });
  }));

Deno.test("ReadSpill: fields that no sink reads are not kept", () =>
  withSpill(async (spill) => {
    const more = { own: 1n, toString: (): string => "x" };
    const kept = await spill.keep({ ...TENSOR, ...more });
    assertEquals<unknown>(await kept.take(), TENSOR);
  }));

Deno.test("ReadSpill: keeps and gives back at random", () =>
  withSpill(async (spill) => {
    const random = sfc32(11);
    const drawn = (below: number): number =>
      Math.floor(below * random() / 2 ** 32);
    const waiting: (() => Promise<void>)[] = [];
    for (let i = 0; i < 300; i++) {
      const data = Float32Array.from({ length: drawn(500) }, () => random());
      const tensor = { data, shape: [data.length] };
      const kept = await spill.keep(tensor);
      waiting.push(async () => assertEquals(await kept.take(), tensor));
      while (drawn(3) > 0) {
        const [take] = waiting.splice(drawn(waiting.length), 1);
        await take?.();
      }
    }
    await Promise.all(waiting.map((take) => take()));
  }));

Deno.test("ReadSpill: once it has ended it keeps and gives nothing", () =>
  withSpill(async (spill, path) => {
    const kept = await spill.keep(TENSOR);
    assert(Deno.statSync(path).size > TENSOR.data.byteLength);
    const keeping = spill.keep(TRIALS);
    assertEquals(spill.pending, undefined);
    spill.end();
    assertEquals(await kept.take(), undefined);
    assertEquals(await (await keeping).take(), undefined);
    assertEquals(await (await spill.keep(TENSOR)).take(), undefined);
    spill.end();
  }));

Deno.test("ReadSpill: an end while the file opens leaves none", () =>
  withSpill(async (spill) => {
    const keeping = spill.keep(TENSOR);
    await spill.pending;
    spill.end();
    assertEquals(await (await keeping).take(), undefined);
  }));

Deno.test("ReadSpill: without a result it makes no file; what a killed run left goes", () =>
  withSpill(async (spill, path, folder) => {
    await Deno.writeTextFile(path, "torn");
    spill.end();
    assertEquals(namesIn(folder), []);
  }));

Deno.test("ReadSpill: never writes through a link", () =>
  withSpill(async (spill, path, folder) => {
    await Deno.writeTextFile(`${folder}/mine`, "mine");
    await Deno.symlink(`${folder}/mine`, path);
    const error = await assertRejects(
      () => spill.keep(TENSOR),
      OutputError,
      "Cannot write file: it is a link, expected a file",
    ) as OutputError;
    assertEquals(error.path, path);
    assertEquals(await Deno.readTextFile(`${folder}/mine`), "mine");
  }));

Deno.test("ReadSpill: each changed byte, and each missing one, is an error", () =>
  withSpill(async (spill, path) => {
    await (await spill.keep(TRIALS)).take();
    const { size } = Deno.statSync(path);
    const kept = await spill.keep(TRIALS);
    const whole = await Deno.readFile(path);
    for (let at = size; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at] = (changed[at] as number) ^ 1;
      for (const bytes of [changed, whole.subarray(0, at)]) {
        await Deno.writeFile(path, bytes);
        const error = await assertRejects(
          () => kept.take(),
          OutputError,
          "Cannot write NPZ: another program changed a temporary file meanwhile",
        ) as OutputError;
        assertEquals(error.path, path);
      }
    }
    await Deno.writeFile(path, whole);
    assertEquals(await kept.take(), TRIALS);
  }));

Deno.test({
  name:
    "ReadSpill: a full disk is an error that names the file, which is removed",
  ignore: !CAN_MOUNT,
  fn: () =>
    inFolder(async (folder) => {
      const size = {
        ...{ sessions: 3, presentations: 4, cells: 2, repeats: 5 },
        ...{ bands: 10, bins: 1000 },
      };
      for (const resume of [false, true]) {
        const path = `${folder}/x`;
        const options = { resume };
        const { code, files, said } = await onSmallDisk([
          Deno.execPath(),
          ...writeProcessArgs("NPZ", path, size, options, "normalize"),
        ], folder);
        assertEquals(code, 1, said);
        assertStringIncludes(said, "OutputError: Cannot write NPZ: ");
        assertStringIncludes(said, "o space left on device");
        assertStringIncludes(said, `(file "${path}.part.reads")`);
        const names = files.filter((line) => line.startsWith("x"));
        assertEquals(names.includes("x.part.reads"), false);
        assertEquals(names.length > 0, resume, names.join(" "));
      }
    }),
});
