import {
  crcnsAc1Pipeline,
  OutputError,
  type OwnSession,
  type Session,
  sessionsFrom,
  shard,
  toNpz,
  wehr,
} from "rxephys";
import { nwb, toNwb } from "rxephys/nwb";
import { mergeShards, type ShardSummary, toShards } from "rxephys/shards";
import { lastValueFrom, type Observable, take } from "rxjs";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";

/** A session of one cell that fires at some time. */
function ownSession(id: string, spikeMs: number): OwnSession {
  const samples = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i));
  return {
    id,
    cells: [{ cellId: `cell of ${id}` }],
    presentations: [{
      stimulus: { key: "tone", waveform: { samples, rateHz: 1000 } },
      spikes: { timesMs: [[[spikeMs], [spikeMs / 2]]], dtMs: 5 },
    }],
  };
}

const OWN = [ownSession("a", 10), ownSession("b", 20), ownSession("c", 30)];

function write(
  stream: Observable<Session>,
  place: string,
): Promise<ShardSummary> {
  return lastValueFrom(stream.pipe(toShards(place, { format: "npz" })));
}

/** Writes a stream by two programs, and asserts that the merge equals it. */
async function assertShared(
  folder: string,
  stream: () => Observable<Session>,
): Promise<void> {
  const place = `${folder}/place`;
  for (const index of [1, 0]) {
    await write(stream().pipe(shard({ index, count: 2 })), place);
  }
  const { written } = await write(stream(), place);
  assertEquals(written, 0);
  const [direct, merged] = [`${folder}/direct.npz`, `${folder}/merged.npz`];
  await lastValueFrom(stream().pipe(toNpz(direct)));
  await lastValueFrom(mergeShards(place, toNpz(merged)));
  assertEquals(await Deno.readFile(merged), await Deno.readFile(direct));
}

Deno.test("a user's own sessions become shards, each by its own content", () =>
  inFolder(async (folder) => {
    await assertShared(folder, () => sessionsFrom(OWN));
    const changed = [...OWN.slice(0, 2), ownSession("c", 31)];
    const error = await assertRejects(
      () => write(sessionsFrom(changed), `${folder}/place`),
      OutputError,
    );
    assertEquals(
      error.message.replaceAll(/\([0-9a-f]{8}\)/g, "(#)"),
      "Cannot write shards: the manifest of session 2 is of another job: " +
        "the archive is another one: it had arrays (#), has arrays (#) " +
        `(file "${folder}/place")`,
    );
  }));

Deno.test("the files of an NWB folder become shards", () =>
  inFolder(async (folder) => {
    const files = `${folder}/nwb`;
    await lastValueFrom(wehr(AC1_TINY).pipe(take(2), toNwb(files)));
    await assertShared(folder, () => nwb(files).pipe(crcnsAc1Pipeline()));
  }));
