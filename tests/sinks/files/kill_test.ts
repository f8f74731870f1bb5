import { lastValueFrom } from "rxjs";
import { assert, assertEquals } from "../../support/assert.ts";
import { seeded, whole } from "../../support/sessions/traces.ts";
import {
  FILE_SINKS,
  type FileSink,
} from "../../support/sessions/file_sinks.ts";
import {
  noiseSessions,
  type NoiseSize,
} from "../../support/sessions/noise_sessions.ts";
import { namesIn, treeOf } from "../../support/tree.ts";
import { writeProcessArgs } from "../../support/sessions/write_noise.ts";
import { inFolder } from "../../support/in_folder.ts";

const KILLS = 20;
const SIZE: NoiseSize = {
  ...{ sessions: 6, presentations: 4, cells: 2, repeats: 3 },
  ...{ bands: 10, bins: 1000 },
};
const READS = SIZE.sessions * SIZE.presentations;

for (const [format, sink] of Object.entries(FILE_SINKS)) {
  if (format === "NDJSON of numbers") continue;
  Deno.test(`${format}: files killed at ${KILLS} points and resumed are identical`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      const expected = await written(sink, `${folder}/whole`);
      await Deno.remove(`${folder}/whole`, { recursive: true });
      const random = seeded(6);
      let torn = 0;
      for (let i = 0; i < KILLS; i++) {
        // A fifth of the kills hit the last writes and the final rename.
        const reads = i % 5 === 0 ? READS : whole(random, 1, READS);
        await writeAndKill(format, path, reads);
        const left = namesIn(folder);
        if (left.includes("x")) {
          assertEquals(await treeOf(path), expected, `after ${reads}`);
        } else torn++;
        assertEquals(await written(sink, path), expected, `after ${reads}`);
        assertEquals(namesIn(folder), ["x"]);
        for (const name of namesIn(folder)) {
          await Deno.remove(`${folder}/${name}`, { recursive: true });
        }
      }
      assert(
        torn > KILLS / 2,
        `${torn} of ${KILLS} runs were killed before they finished`,
      );
    }));
}

async function written(
  sink: FileSink,
  path: string,
): Promise<Record<string, string>> {
  const writing = noiseSessions(SIZE).pipe(sink(path, { resume: true }));
  await lastValueFrom(writing);
  return await treeOf(path);
}

/** Kills the writing process once it has begun this many reads. */
async function writeAndKill(
  format: string,
  path: string,
  reads: number,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: writeProcessArgs(format, path, SIZE, { resume: true }),
    stdout: "piped",
  }).spawn();
  let lines = 0;
  for await (const bytes of child.stdout) {
    lines += bytes.filter((byte) => byte === 10).length;
    if (lines < reads) continue;
    child.kill("SIGKILL");
    break;
  }
  await child.status;
}
