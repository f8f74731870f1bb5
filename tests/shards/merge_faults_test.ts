import {
  ArchiveError,
  DataNotFoundError,
  FormatError,
  LimitError,
  OutputError,
  type Session,
  toDataset,
  toNdjson,
} from "rxephys";
import { mergeShards, type ShardFormat, toShards } from "rxephys/shards";
import { from, lastValueFrom, type Observable } from "rxjs";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { flipByte } from "../support/flip_byte.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { namesIn } from "../support/tree.ts";

const IDS = ["a", "b", "c", "d"];

function stream(value = 1): Observable<Session> {
  return from(IDS.map((id, i) =>
    readySession(id, 1, [
      { key: "x", bins: 2, repeats: [[[value, i]]] },
      { key: id, bins: 2, repeats: [[[i, value]]] },
    ])
  ));
}

/** Merges a place after a change to it, and expects one error and no file. */
async function refused(
  change: (place: string) => Promise<void>,
  ErrorClass: new (...args: never[]) => Error,
  message: string,
  format: ShardFormat = "npz",
): Promise<void> {
  await inFolder(async (folder) => {
    const place = `${folder}/shards`;
    await lastValueFrom(stream().pipe(toShards(place, { format })));
    await change(place);
    const error = await assertRejects(
      () => lastValueFrom(mergeShards(place, toNdjson(`${folder}/merged`))),
      ErrorClass,
    );
    assertEquals(
      error.message.replaceAll(folder, "").replaceAll(/[0-9a-f]{64}/g, "SHA"),
      message,
    );
    assertEquals(namesIn(folder), ["shards"]);
  });
}

/** Path of the shard of a session. */
function shardAt(place: string, position: number): string {
  return `${place}/shards/${itemAt(namesIn(`${place}/shards`), position)}`;
}

async function changeManifest(
  place: string,
  position: number,
  change: (text: string) => string,
): Promise<void> {
  const path = `${place}/sessions/00000${position}.json`;
  const before = await Deno.readTextFile(path);
  const after = change(before);
  if (after === before) throw new Error("the manifest is the same");
  await Deno.writeTextFile(path, after);
}

Deno.test("mergeShards: refuses a place without a job", () =>
  inFolder(async (folder) => {
    for (const place of [folder, `${folder}/nothing`]) {
      await assertRejects(
        () => lastValueFrom(mergeShards(place, toDataset())),
        DataNotFoundError,
        "Cannot read job: the place holds no shards (archive " +
          `"${place}", member "job.json")`,
      );
    }
  }));

Deno.test("mergeShards: names the sessions that are missing", async () => {
  await refused(
    (place) => Deno.remove(`${place}/sessions/000002.json`),
    DataNotFoundError,
    'Cannot merge shards: 1 of 4 sessions are missing: "c"; write the ' +
      'shards again, which keeps the others (archive "/shards", member "sessions/000002.json")',
  );
  await refused(
    (place) => Deno.remove(`${place}/sessions`, { recursive: true }),
    DataNotFoundError,
    'Cannot merge shards: 4 of 4 sessions are missing: "a", "b", "c", ...; ' +
      'write the shards again, which keeps the others (archive "/shards", member ' +
      '"sessions/000000.json")',
  );
});

Deno.test("mergeShards: names a shard that is missing, cut or too long", async () => {
  await refused(
    (place) => Deno.remove(shardAt(place, 1)),
    DataNotFoundError,
    'Cannot merge shards: the shard of session "b" is missing; write the ' +
      'shards again, which keeps the others (archive "/shards", member ' +
      '"shards/000001-SHA.npz")',
  );
  for (const change of [-1, 1]) {
    await refused(
      async (place) => {
        const path = shardAt(place, 3);
        await Deno.truncate(path, (await Deno.stat(path)).size + change);
      },
      ArchiveError,
      `Cannot merge shards: a shard has ${2052 + change} bytes, expected ` +
        "2052; write the shards again, which keeps the others (archive " +
        '"/shards", member "shards/000003-SHA.npz")',
    );
  }
});

for (const format of ["ndjson", "npz", "safetensors"] as const) {
  Deno.test(`mergeShards: names a shard of ${format} with a flipped bit, wherever it is`, async () => {
    for (const part of [0, 0.3, 0.6, 0.999]) {
      await refused(
        async (place) => {
          const path = shardAt(place, 2);
          const bytes = await Deno.readFile(path);
          flipByte(bytes, Math.floor(part * bytes.length), 4);
          await Deno.writeFile(path, bytes);
        },
        ArchiveError,
        "Cannot merge shards: the SHA-256 of a shard is SHA, expected SHA; " +
          "remove it and write the shards again, which keeps the others (archive " +
          `"/shards", member "shards/000002-SHA.${format}")`,
        format,
      );
    }
  });
}

Deno.test("mergeShards: names two shards of one session", () =>
  refused(
    async (place) => {
      const other = `${place}/shards/000001-${"0".repeat(64)}.npz`;
      await Deno.copyFile(shardAt(place, 1), other);
    },
    FormatError,
    'Cannot merge shards: session "b" has two shards, expected the one that ' +
      'its manifest names: remove the other one (archive "/shards", member ' +
      '"shards/000001-SHA.npz")',
  ));

Deno.test("mergeShards: names what the job does not have", async () => {
  const text = "Cannot merge shards: the job has no such session: remove the " +
    "object, or give another place";
  await refused(
    (place) =>
      Deno.copyFile(
        `${place}/sessions/000000.json`,
        `${place}/sessions/000004.json`,
      ),
    FormatError,
    `${text} (archive "/shards", member "sessions/000004.json")`,
  );
  await refused(
    (place) => Deno.writeTextFile(`${place}/shards/notes.txt`, "mine"),
    FormatError,
    `${text} (archive "/shards", member "shards/notes.txt")`,
  );
  await refused(
    (place) =>
      Deno.copyFile(
        shardAt(place, 0),
        `${place}/shards/000004-${"0".repeat(64)}.npz`,
      ),
    FormatError,
    `${text} (archive "/shards", member "shards/000004-SHA.npz")`,
  );
});

Deno.test("mergeShards: names a manifest of another job", async () => {
  const place = '(archive "/shards", member "sessions/000001.json")';
  await refused(
    (place) =>
      changeManifest(
        place,
        1,
        (text) => text.replace('"session":"b"', '"session":"z"'),
      ),
    FormatError,
    "Cannot merge shards: one is of another job: the session was " +
      `"z", is "b" ${place}`,
  );
  await refused(
    (place) =>
      changeManifest(
        place,
        1,
        (text) =>
          text.replace('"steps":[]', '"steps":[{"name":"gate","args":[]}]'),
      ),
    FormatError,
    "Cannot merge shards: one is of another job: operator 1 was gate, is " +
      `none ${place}`,
  );
});

Deno.test("mergeShards: refuses a manifest whose facts contradict its shard", async () => {
  const place = '(archive "/shards", member "sessions/000001.json")';
  const cases: Readonly<Record<string, [from: string, to: string]>> = {
    "responses is 2, expected 1": ['"responses":0}]', '"responses":null}]'],
    "presentation 0: responses are of other forms than 1": [
      '"responses":0}',
      '"responses":7}',
    ],
    "presentation 1: durationMs is -1, expected a number from 0": [
      '"key":"b","durationMs":10',
      '"key":"b","durationMs":-1',
    ],
    'a form of responses: kind is "odd", expected raw, subthresh, spikes': [
      '"kind":"subthresh"',
      '"kind":"odd"',
    ],
    "cellNumbers has 2 places, expected 1": [
      '"forms"',
      '"cellNumbers":[1,2],"forms"',
    ],
    "cells is an object, expected a list": [
      '"cells":[{"cellId":"b.0"}]',
      '"cells":{}',
    ],
    "meta.cellId is an object, expected text, a number, true, false, null or a list of them":
      ['"cellId":"b.0"', '"cellId":{}'],
  };
  for (const [fault, [before, after]] of Object.entries(cases)) {
    await refused(
      (place) =>
        changeManifest(place, 1, (text) => text.replace(before, after)),
      FormatError,
      `Cannot read manifest: ${fault} ${place}`,
    );
  }
  // The names of arrays are only known when the shard is read.
  await refused(
    (place) =>
      changeManifest(
        place,
        1,
        (text) => text.replace('"key":"b"', '"key":"q"'),
      ),
    FormatError,
    "Cannot merge shards: an array is stimulus b, expected stimulus q as its " +
      'manifest says (archive "shards/000001-SHA.npz")',
  );
});

Deno.test("mergeShards: a merge is not resumed with other shards", () =>
  inFolder(async (folder) => {
    for (const value of [1, 2]) {
      await lastValueFrom(stream(value).pipe(toShards(`${folder}/${value}`)));
    }
    const path = `${folder}/merged`;
    let sessions = 0;
    const failing = toNdjson(path, {
      resume: true,
      onProgress: ({ sessionsDone }) => {
        sessions = sessionsDone;
        if (sessionsDone === 2) throw new Error("broken off");
      },
    });
    await assertRejects(
      () => lastValueFrom(mergeShards(`${folder}/1`, failing)),
      Error,
      "broken off",
    );
    assertEquals(sessions, 2);
    const resumed = toNdjson(path, { resume: true });
    const error = await assertRejects(
      () => lastValueFrom(mergeShards(`${folder}/2`, resumed)),
      OutputError,
    );
    assertEquals(
      error.message.replaceAll(/[0-9a-f]{64}/g, "SHA"),
      "Cannot resume: the archive is another one: it had 4 shards (SHA), has " +
        `4 shards (SHA) (file "${path}")`,
    );
    await lastValueFrom(mergeShards(`${folder}/1`, resumed));
  }));

Deno.test("mergeShards: limits bound what a shard may claim", () =>
  inFolder(async (folder) => {
    await lastValueFrom(stream().pipe(toShards(folder)));
    const merge = (arrayElements: number): Promise<unknown> => {
      const options = { limits: { arrayElements } };
      return lastValueFrom(mergeShards(folder, toDataset(), options));
    };
    await assertRejects(() => merge(3), LimitError, "arrayElements is 3");
    await merge(4);
  }));

Deno.test("mergeShards: refuses bad arguments when called", () => {
  const cases: readonly [unknown[], new () => Error, string][] = [
    [[7, toDataset()], TypeError, "place is 7, expected a string"],
    [["", toDataset()], RangeError, "place is empty, expected a name"],
    [["x", "y"], TypeError, "target is y, expected a sink"],
    [
      ["x", toDataset(), { limit: 1 }],
      RangeError,
      "there is no option limit, expected limits",
    ],
    [
      ["x", toDataset(), { limits: { members: 0 } }],
      RangeError,
      "limits.members is 0, expected",
    ],
  ];
  for (const [args, ErrorClass, message] of cases) {
    assertThrows(
      () => mergeShards(...args as Parameters<typeof mergeShards>),
      ErrorClass,
      `Cannot merge shards: ${message}`,
    );
  }
});
