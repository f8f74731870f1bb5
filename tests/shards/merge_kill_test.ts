import { lastValueFrom } from "rxjs";
import { mergeShards, toShards } from "rxephys/shards";
import { assert, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import { FILE_SINKS } from "../support/sessions/file_sinks.ts";
import {
  noiseSessions,
  type NoiseSize,
} from "../support/sessions/noise_sessions.ts";
import { seeded, whole } from "../support/sessions/traces.ts";
import { namesIn, treeOf } from "../support/tree.ts";
import { startMerge } from "./_start_merge.ts";

const KILLS = 20;
const SIZE: NoiseSize = {
  ...{ sessions: 6, presentations: 4, cells: 2, repeats: 3 },
  ...{ bands: 10, bins: 1000 },
};
/** One report after each presentation and each session. */
const REPORTS = SIZE.sessions * (SIZE.presentations + 1);
const FORMATS = ["NDJSON", "NPZ", "safetensors", "Zarr"] as const;

Deno.test(`mergeShards: merges killed at ${KILLS} points and resumed are identical to a direct load`, () =>
  inFolder(async (folder) => {
    const place = `${folder}/place`;
    const formats = ["npz", "ndjson", "safetensors"] as const;
    for (const format of formats) {
      const own = `${place}-${format}`;
      await lastValueFrom(noiseSessions(SIZE).pipe(toShards(own, { format })));
    }
    const expected: Record<string, Record<string, string>> = {};
    for (const name of FORMATS) {
      const path = `${folder}/direct-${name}`;
      await lastValueFrom(noiseSessions(SIZE).pipe(FILE_SINKS[name](path)));
      expected[name] = await treeOf(path);
    }
    const random = seeded(19);
    const [out, path] = [`${folder}/out`, `${folder}/out/x`];
    let torn = 0;
    for (let i = 0; i < KILLS; i++) {
      await Deno.mkdir(out);
      const name = itemAt(FORMATS, i % FORMATS.length);
      const from = `${place}-${itemAt(formats, i % formats.length)}`;
      // A fifth of the kills hit the last writes and the final rename.
      const reports = i % 5 === 0 ? REPORTS : whole(random, 1, REPORTS);
      await startMerge(name, path, from, reports);
      if (!namesIn(out).includes("x")) torn++;
      const sink = FILE_SINKS[name](path, { resume: true });
      await lastValueFrom(mergeShards(from, sink));
      const where = `${name}, killed after ${reports} of ${REPORTS} reports`;
      assertEquals(await treeOf(path), expected[name], where);
      assertEquals(namesIn(out), ["x"], where);
      await Deno.remove(out, { recursive: true });
    }
    assert(torn > KILLS / 2, `${torn} runs were killed before they finished`);
  }));
