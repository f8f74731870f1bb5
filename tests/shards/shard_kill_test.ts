import { readDataset } from "rxephys";
import { toShards } from "rxephys/shards";
import { lastValueFrom } from "rxjs";
import {
  manifestKey,
  readManifest,
  shardKey,
} from "../../src/shards/manifest.ts";
import { openPlace } from "../../src/places/open_place.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { noiseSessions } from "../support/sessions/noise_sessions.ts";
import { seeded, whole } from "../support/sessions/traces.ts";
import { namesIn, treeOf } from "../support/tree.ts";
import { NOISE, shardProcessArgs } from "./_shard_process.ts";

const KILLS = 8;
const READS = NOISE.sessions * NOISE.presentations;

Deno.test(`toShards: two programs killed at ${KILLS} points and started again fill the place alike`, () =>
  inFolder(async (folder) => {
    await lastValueFrom(noiseSessions(NOISE).pipe(toShards(`${folder}/whole`)));
    const expected = await treeOf(`${folder}/whole`);
    const path = `${folder}/place`;
    const random = seeded(19);
    let torn = 0;
    for (let i = 0; i < KILLS; i++) {
      await Promise.all(
        [0, 1].map((index) =>
          writeAndKill(path, index, whole(random, 1, READS / 2))
        ),
      );
      torn += await checkWhole(path, expected) ? 0 : 1;
      await lastValueFrom(noiseSessions(NOISE).pipe(toShards(path)));
      assertEquals(await treeOf(path), expected, "no more and no less");
      await Deno.remove(path, { recursive: true });
    }
    assert(torn > KILLS / 2, `${torn} of ${KILLS} places were incomplete`);
  }));

/** Checks every shard that has a manifest; returns whether all are there. */
async function checkWhole(
  path: string,
  expected: Record<string, string>,
): Promise<boolean> {
  const place = await openPlace(path);
  let count = 0;
  for (let position = 0; position < NOISE.sessions; position++) {
    const manifest = await readManifest(place, position);
    if (manifest === undefined) continue;
    count++;
    const key = shardKey(manifest);
    assertEquals((await treeOf(path))[`/${key}`], manifest.sha256);
    assertEquals(expected[`/${key}`], manifest.sha256);
    assert(`/${manifestKey(position)}` in expected);
    await readDataset(`${path}/${key}`);
  }
  return count === NOISE.sessions && !namesIn(path).some(isHidden);
}

function isHidden(name: string): boolean {
  return name.startsWith(".");
}

/** Kills a program once it has begun this many reads. */
async function writeAndKill(
  place: string,
  index: number,
  reads: number,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: shardProcessArgs(place, index, 2),
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
