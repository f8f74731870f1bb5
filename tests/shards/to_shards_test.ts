import {
  crcnsAc1,
  crcnsAc1Pipeline,
  mapResponses,
  mapStimuli,
  readDataset,
  type Session,
  shard,
  toDataset,
  toNdjson,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { type ShardFormat, toShards } from "rxephys/shards";
import { EMPTY, from, lastValueFrom, type Observable, of } from "rxjs";
import { readJob } from "../../src/shards/job.ts";
import { readManifest, shardKey } from "../../src/shards/manifest.ts";
import { openPlace } from "../../src/places/open_place.ts";
import { withLineage } from "../../src/stream/lineage.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { treeOf } from "../support/tree.ts";

const FORMATS: readonly ShardFormat[] = ["ndjson", "npz", "safetensors"];

const ac1 = (): Observable<Session> =>
  crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline());

const half = (): Observable<Session> => wehr(AC1_TINY).pipe(crcnsAc1Pipeline());

for (const format of FORMATS) {
  Deno.test(`toShards: ${format} shards hold each session as the sink writes it`, () =>
    inFolder(async (folder) => {
      const place = await openPlace(`${folder}/place`);
      const summary = await lastValueFrom(
        half().pipe(toShards(place.name, { format })),
      );
      const all: Session[] = [];
      await half().forEach((session) => void all.push(session));
      assertEquals(summary.sessions, all.length);
      const { sessions } = await readJob(place);
      assertEquals(sessions, all.map(({ id }) => id));
      let [bytes, responses] = [0, 0];
      for (const [position, session] of all.entries()) {
        const manifest = await readManifest(place, position);
        assert(manifest !== undefined);
        assertEquals(manifest.session, session.id);
        const path = `${place.name}/${shardKey(manifest)}`;
        bytes += manifest.bytes;
        responses += manifest.responses;
        assertEquals((await Deno.stat(path)).size, manifest.bytes);
        if (manifest.responses === 0) continue;
        const expected = await lastValueFrom(of(session).pipe(toDataset()));
        const found = await readDataset(path);
        assertEquals(found.stims, expected.stims);
        assertEquals(found.responses, expected.responses);
        assertEquals(found.nrnMeta, expected.nrnMeta);
        assertEquals(found.stimMeta, expected.stimMeta);
        assertEquals(manifest.tally, expected.tally);
      }
      assert(responses > 0);
      assertEquals(summary, {
        ...summary,
        ...{ place: place.name, written: all.length, kept: 0 },
        ...{ bytes, responses },
      });
    }));
}

Deno.test("toShards: a shard has the bytes of the sink's file of its session", () =>
  inFolder(async (folder) => {
    const place = await openPlace(`${folder}/place`);
    const writing = half().pipe(toShards(place.name, { format: "ndjson" }));
    await lastValueFrom(writing);
    const all: Session[] = [];
    await half().forEach((session) => void all.push(session));
    for (const [position, session] of all.entries()) {
      const path = `${folder}/${position}.ndjson`;
      await lastValueFrom(of(session).pipe(toNdjson(path)));
      const manifest = await readManifest(place, position);
      assert(manifest !== undefined);
      assertEquals(
        await Deno.readTextFile(`${place.name}/${shardKey(manifest)}`),
        await Deno.readTextFile(path),
      );
    }
  }));

Deno.test("toShards: shares, in any order and number of threads, give the same place as one run", () =>
  inFolder(async (folder) => {
    const chains = {
      ac1: (workers: number | false) =>
        crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline({ parallel: workers })),
      wingert: (workers: number | false) =>
        wingert2026(WINGERT_SMALL).pipe(
          wingert2026Pipeline({ parallel: workers }),
        ),
    };
    for (const [name, chain] of Object.entries(chains)) {
      const [whole, parts] = [`${folder}/${name}`, `${folder}/${name}-parts`];
      await lastValueFrom(chain(false).pipe(toShards(whole)));
      const runs = [2, 0, 1].map((index) => {
        const share = shard({ index, count: 3 });
        const options = { concurrency: 1 + index };
        return lastValueFrom(
          chain(index === 1 && 1).pipe(share, toShards(parts, options)),
        );
      });
      const sessions = (await Promise.all(runs)).map(({ sessions }) =>
        sessions
      );
      assertEquals(await treeOf(parts), await treeOf(whole));
      assertEquals(
        sessions.reduce((a, b) => a + b),
        (await readJob(await openPlace(whole))).sessions.length,
      );
    }
  }));

Deno.test("toShards: a second run keeps every shard and reads nothing", () =>
  inFolder(async (folder) => {
    const log: string[] = [];
    const sessions = (): Observable<Session> =>
      from(
        ["a", "b"].map((id) =>
          readySession(id, 1, [{ key: id, bins: 2, repeats: [[[1, 2]]] }], log)
        ),
      );
    const first = await lastValueFrom(sessions().pipe(toShards(folder)));
    const before = await treeOf(folder);
    log.length = 0;
    const second = await lastValueFrom(sessions().pipe(toShards(folder)));
    assertEquals(log, []);
    assertEquals(second, { ...first, written: 0, kept: 2 });
    assertEquals(await treeOf(folder), before);
  }));

Deno.test("toShards: runs of the same sessions at once leave one shard of each", () =>
  inFolder(async (folder) => {
    const runs = Array.from(
      { length: 4 },
      () => lastValueFrom(ac1().pipe(toShards(`${folder}/many`))),
    );
    const summaries = await Promise.all(runs);
    await lastValueFrom(ac1().pipe(toShards(`${folder}/one`)));
    assertEquals(await treeOf(`${folder}/many`), await treeOf(`${folder}/one`));
    const { place: _, written: __, kept: ___, ...first } = itemAt(summaries, 0);
    for (const summary of summaries) {
      assertEquals(summary, { ...summary, ...first });
      assertEquals(summary.written + summary.kept, summary.sessions);
    }
  }));

Deno.test("toShards: sessions without responses, stimuli or a plain name are shards, too", () =>
  inFolder(async (folder) => {
    const sessions = [
      readySession("..", 2, [{ key: "x", bins: 2, repeats: [null, null] }]),
      readySession("/etc/passwd", 1, []),
      readySession("\0", 0, []),
      readySession("..", 1, [{ key: "x", bins: 2, repeats: [[[1, 2]]] }]),
    ];
    const writing = from(sessions).pipe(toShards(`${folder}/place`));
    const { written, stimuli, responses, cells } = await lastValueFrom(writing);
    assertEquals(
      { written, stimuli, responses, cells },
      { written: 4, stimuli: 2, responses: 1, cells: 1 },
    );
    const place = await openPlace(`${folder}/place`);
    const { sessions: ids } = await readJob(place);
    assertEquals(ids, ["..", "/etc/passwd", "\0", ".."]);
    const keys = await Array.fromAsync(place.list(""), ({ key }) => key);
    assertEquals(
      keys.filter((key) => key.startsWith("shards/")).map((key) =>
        key.slice(0, 14)
      ),
      [0, 1, 2, 3].map((i) => `shards/00000${i}-`),
    );
    assertEquals(
      await Array.fromAsync(Deno.readDir(folder), ({ name }) => name),
      ["place"],
    );
  }));

Deno.test("toShards: a share without sessions touches nothing", () =>
  inFolder(async (folder) => {
    const path = `${folder}/place`;
    const empty = await lastValueFrom(EMPTY.pipe(toShards(path)));
    assertEquals(
      [empty.sessions, empty.written, empty.kept, empty.bytes],
      [0, 0, 0, 0],
    );
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("toShards: progress counts the shards that are there", () =>
  inFolder(async (folder) => {
    const sessions = (): Observable<Session> =>
      from(["a", "b", "c"].map((id) =>
        readySession(id, 1, [
          { key: id, bins: 2, repeats: [[[1, 2]]] },
          { key: `${id}2`, bins: 2, repeats: [[[1, 2]]] },
        ])
      ));
    const half = shard({ index: 1, count: 2 });
    await lastValueFrom(sessions().pipe(half, toShards(folder)));
    const seen: number[][] = [];
    await lastValueFrom(
      sessions().pipe(toShards(folder, {
        onProgress: (progress) => void seen.push(Object.values(progress)),
      })),
    );
    assertEquals(itemAt(seen, 0), [1, 3, 0]);
    assertEquals(itemAt(seen, seen.length - 1), [3, 3, 4]);
  }));

Deno.test("toShards: the text of a function belongs to the job", () =>
  inFolder(async (folder) => {
    const writing = ac1().pipe(
      mapResponses((response) => response),
      toShards(folder),
    );
    await lastValueFrom(writing);
    const { recipe } = await readJob(await openPlace(folder));
    assertEquals(recipe.steps.at(-1), {
      name: "mapResponses",
      args: ["(response)=>response"],
    });
  }));

/** Sessions of a source that all heard one sound. */
function sharing(
  bins: readonly number[],
  log: string[],
  more: { readonly perSession?: true } = {},
): Observable<Session> {
  const identity = { name: "own", options: {}, archives: () => "1", ...more };
  return from(bins.map((count, i) =>
    withLineage(
      readySession(`s${i}`, 1, [
        { key: "a", bins: count, repeats: [[[i, 1]]] },
      ], log),
      { identity },
    )
  ));
}

const stimuliOf = (log: readonly string[]): string[] =>
  log.filter((line) => line.includes("stimulus"));

Deno.test("toShards: a stimulus that several sessions heard as long is read once, and in each shard", () =>
  inFolder(async (folder) => {
    const log: string[] = [];
    const writing = sharing([2, 2, 3, 2], log).pipe(toShards(folder));
    const { stimuli } = await lastValueFrom(writing);
    assertEquals(stimuli, 4);
    assertEquals(
      stimuliOf(log),
      ["s0 stimulus a", "s2 stimulus a", "s3 stimulus a"],
    );
    const place = await openPlace(folder);
    for (const [position, bins] of [2, 2, 3, 2].entries()) {
      const manifest = await readManifest(place, position);
      assert(manifest !== undefined);
      const { stims } = await readDataset(`${folder}/${shardKey(manifest)}`);
      // The dataset cuts a stimulus to the bins of its responses.
      assertEquals(stims.map(({ shape }) => shape), [[1, 2, 2]]);
      assertEquals(manifest.facts.presentations[0]?.durationMs, 5 * bins);
    }
  }));

Deno.test("toShards: files of different sessions may disagree about a stimulus, which each gives", () =>
  inFolder(async (folder) => {
    const log: string[] = [];
    const writing = sharing([2, 2], log, { perSession: true });
    await lastValueFrom(writing.pipe(toShards(folder)));
    assertEquals(stimuliOf(log), ["s0 stimulus a", "s1 stimulus a"]);
  }));

Deno.test("toShards: a user's function makes a stimulus for each session anew", () =>
  inFolder(async (folder) => {
    const log: string[] = [];
    const writing = sharing([2, 2], log).pipe(
      mapStimuli((stimulus, { session }) =>
        "shape" in stimulus
          ? {
            ...stimulus,
            data: stimulus.data.map((value) =>
              session.id === "s0" ? value : -value
            ),
          }
          : stimulus
      ),
      toShards(folder),
    );
    await lastValueFrom(writing);
    assertEquals(stimuliOf(log), ["s0 stimulus a", "s1 stimulus a"]);
  }));
