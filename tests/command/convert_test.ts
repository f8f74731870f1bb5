import {
  crcnsAc1,
  crcnsAc1Pipeline,
  type Session,
  toNdjson,
  toNpz,
  wehr,
  wingert2026,
  wingert2026Pipeline,
  type WriteSummary,
} from "rxephys";
import { writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom, type Observable, type OperatorFunction } from "rxjs";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { inFolder } from "../support/in_folder.ts";
import { FILE_SINKS, type FileSink } from "../support/sessions/file_sinks.ts";
import { runCommand, startCommand } from "./_run_command.ts";

/** The sink of each extension. */
const SINKS: Readonly<Record<string, FileSink>> = {
  ndjson: FILE_SINKS.NDJSON,
  npz: FILE_SINKS.NPZ,
  safetensors: FILE_SINKS.safetensors,
  zarr: FILE_SINKS.Zarr,
};

const write = (
  sessions: Observable<Session>,
  sink: OperatorFunction<Session, WriteSummary>,
): Promise<WriteSummary> => lastValueFrom(sessions.pipe(sink));

/** Every file at a path and below it, with its bytes. */
async function filesAt(path: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const visit = async (at: string): Promise<void> => {
    if ((await Deno.stat(at)).isFile) {
      files.set(at.slice(path.length), await Deno.readFile(at));
      return;
    }
    for await (const { name } of Deno.readDir(at)) await visit(`${at}/${name}`);
  };
  await visit(path);
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

for (const [extension, sink] of Object.entries(SINKS)) {
  Deno.test(`rxephys convert: .${extension} has the sink's bytes`, () =>
    inFolder(async (folder) => {
      const [ours, theirs] = [`${folder}/a.${extension}`, `${folder}/b`];
      const { code, out, err } = await runCommand(
        ["convert", AC1_TINY, ours, "--dataset", "wehr"],
      );
      assertEquals(code, 0, err);
      assertStringIncludes(out, `Wrote ${ours} (`);
      assertStringIncludes(
        out,
        "): 6 sounds, 13 responses of 4 cells; gate: 62 repeats kept, " +
          "6 dropped (range 1, step 2, xcorr 3)\n",
      );
      await write(wehr(AC1_TINY).pipe(crcnsAc1Pipeline()), sink(theirs));
      assertEquals(await filesAt(ours), await filesAt(theirs));
    }));
}

Deno.test("rxephys convert: flags are the options of the chain", () =>
  inFolder(async (folder) => {
    const [ours, theirs] = [`${folder}/a.npz`, `${folder}/b.npz`];
    const { out } = await runCommand([
      ...["convert", AC1_TINY, ours, "--json", "--sites", "A1", "--parallel"],
      ...["--dt", "10", "--fmax", "25600", "--median-ms", "250"],
      ...["--max-abs-mv", "40", "--bands-per-octave", "3"],
    ]);
    const { path, ...summary } = await write(
      crcnsAc1(AC1_TINY, { sites: ["A1"] }).pipe(crcnsAc1Pipeline({
        dtMs: 10,
        fmaxHz: 25_600,
        medianMs: 250,
        maxAbsMv: 40,
        bandsPerOctave: 3,
      })),
      toNpz(theirs),
    );
    assertEquals(path, theirs);
    const { warnings, ...printed } = JSON.parse(out);
    assertEquals(printed, { path: ours, ...summary });
    assertEquals(Array.isArray(warnings), true);
    assertEquals(await filesAt(ours), await filesAt(theirs));
  }));

Deno.test("rxephys convert: Wingert 2026 with its own flags", () =>
  inFolder(async (folder) => {
    const [ours, theirs] = [`${folder}/a.npz`, `${folder}/b.npz`];
    await runCommand([
      ...["convert", WINGERT_SMALL, ours, "--normalize", "none"],
      ...["--area", "A1", "--area", "PEG", "--subset", "val"],
    ]);
    await write(
      wingert2026(WINGERT_SMALL, { area: ["A1", "PEG"], subset: "val" })
        .pipe(wingert2026Pipeline({ normalize: "none" })),
      toNpz(theirs),
    );
    assertEquals(await filesAt(ours), await filesAt(theirs));
  }));

Deno.test("rxephys convert: waveforms of Wingert 2026", () =>
  inFolder(async (folder) => {
    const [ours, theirs] = [`${folder}/a.npz`, `${folder}/b.npz`];
    await writeSyntheticWingert(folder, { scale: 1, sounds: true });
    const { code, err } = await runCommand([
      ...["convert", folder, ours, "--stimuli", "waveform", "--area", "HC"],
      ...["--audio-rate", "8000", "--prestim-ms", "500"],
      ...["--log-offset", "off"],
    ]);
    assertEquals(code, 0, err);
    await write(
      wingert2026(folder, {
        area: "HC",
        stimuli: "waveform",
        prestimMs: 500,
      }).pipe(wingert2026Pipeline({
        stimuli: "waveform",
        audioRateHz: 8000,
        logOffset: "off",
      })),
      toNpz(theirs),
    );
    assertEquals(await filesAt(ours), await filesAt(theirs));
  }));

Deno.test("rxephys convert -: the lines of NDJSON, and nothing else, on a pipe", () =>
  inFolder(async (folder) => {
    const path = `${folder}/b.ndjson`;
    const args = ["convert", AC1_TINY, "-", "--dataset", "wehr"];
    const { out, err } = await runCommand(args);
    await write(wehr(AC1_TINY).pipe(crcnsAc1Pipeline()), toNdjson(path));
    assertEquals(out, await Deno.readTextFile(path));
    assertStringIncludes(err, "Wrote - (");
    const quiet = await runCommand([...args, "--quiet"]);
    assertEquals([quiet.code, quiet.err], [0, ""]);
  }));

Deno.test("rxephys convert -: a reader that closes the pipe ends it in silence", async () => {
  const child = startCommand(["convert", AC1_TINY, "-", "-q"]);
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const err = await new Response(child.stderr).text();
  assertEquals([(await child.status).code, err], [0, ""]);
});

Deno.test("rxephys convert: a file that is there is replaced only with --overwrite", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.ndjson`;
    await Deno.writeTextFile(path, "mine");
    const args = ["convert", AC1_TINY, path, "--dataset", "wehr", "-q"];
    const refused = await runCommand(args);
    assertEquals([refused.code, refused.err], [
      1,
      "error: Cannot write NDJSON: it exists, expected another path or " +
      `--overwrite (file "${path}")\n`,
    ]);
    assertEquals(await Deno.readTextFile(path), "mine");
    const { code } = await runCommand([...args, "--overwrite"]);
    assertEquals(code, 0);
    const text = await Deno.readTextFile(path);
    assertEquals(text.split("\n").length, 20);
  }));
