import {
  FormatError,
  normalize,
  OutputError,
  RecordingError,
  type Session,
  shard,
  shuffleBuffer,
} from "rxephys";
import { type ShardOptions, toShards } from "rxephys/shards";
import {
  concat,
  filter,
  from,
  lastValueFrom,
  map,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  of,
  startWith,
  throwError,
} from "rxjs";
import { writeShards } from "../../src/shards/_write_shards.ts";
import {
  manifestKey,
  readManifest,
  shardKey,
} from "../../src/shards/manifest.ts";
import { openPlace } from "../../src/places/open_place.ts";
import type { Place } from "../../src/places/place.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { CAN_MOUNT, onSmallDisk } from "../support/small_disk.ts";
import { namesIn, treeOf } from "../support/tree.ts";
import { inPlace, JOB, MANIFEST, overwrite } from "./_shard_cases.ts";
import { shardProcessArgs } from "./_shard_process.ts";

const IDS = ["a", "b", "c"];

const stream = (): Observable<Session> =>
  from(
    IDS.map((id, i) =>
      readySession(id, 1, [{ key: id, bins: 2, repeats: [[[i, 2]]] }])
    ),
  );

async function pathOf(place: Place, position: number): Promise<string> {
  const manifest = await readManifest(place, position);
  assert(manifest !== undefined);
  return `${place.name}/${shardKey(manifest)}`;
}

Deno.test("toShards: a shard that is missing or cut, or without a manifest, is written anew", () =>
  inPlace(async (place, folder) => {
    await lastValueFrom(stream().pipe(toShards(folder)));
    const before = await treeOf(folder);
    await Deno.remove(await pathOf(place, 0));
    await Deno.truncate(await pathOf(place, 1), 100);
    await Deno.remove(`${folder}/${manifestKey(2)}`);
    const summary = await lastValueFrom(stream().pipe(toShards(folder)));
    assertEquals([summary.written, summary.kept], [3, 0]);
    assertEquals(await treeOf(folder), before);
  }));

Deno.test("toShards: a cut shard without a manifest is written anew", () =>
  inPlace(async (place, folder) => {
    await lastValueFrom(stream().pipe(toShards(folder)));
    const before = await treeOf(folder);
    await Deno.truncate(await pathOf(place, 1), 0);
    await Deno.remove(`${folder}/${manifestKey(1)}`);
    const summary = await lastValueFrom(stream().pipe(toShards(folder)));
    assertEquals([summary.written, summary.kept], [1, 2]);
    assertEquals(await treeOf(folder), before);
  }));

Deno.test("toShards: values that differ from run to run are refused, and leave nothing", () =>
  inPlace(async (place, folder) => {
    let value = 0;
    const random = (): Observable<Session> =>
      from(
        IDS.map((id) =>
          readySession(id, 1, [{ key: id, bins: 1, repeats: [[[value++]]] }])
        ),
      );
    const message = 'Cannot write shards: session "b" has other values than ' +
      "another run has found, expected a chain that gives the same each time " +
      `(file "${folder}")`;
    await lastValueFrom(random().pipe(toShards(folder)));
    const before = await treeOf(folder);
    const path = await pathOf(place, 1);
    const bytes = await Deno.readFile(path);
    await Deno.remove(path);
    const again = random().pipe(toShards(folder));
    await assertRejects(() => lastValueFrom(again), OutputError, message);
    await Deno.writeFile(path, bytes);
    assertEquals(await treeOf(folder), before);
  }));

Deno.test("toShards: of two runs that find different values at once, one is refused", () =>
  inPlace(async (place, folder) => {
    const run = (value: number): Promise<unknown> =>
      lastValueFrom(
        of(readySession("a", 1, [{ key: "a", bins: 1, repeats: [[[value]]] }]))
          .pipe(toShards(folder)),
      );
    const outcomes = await Promise.allSettled([1, 2, 3].map(run));
    const failed = outcomes.filter(({ status }) => status === "rejected");
    assertEquals(failed.length, 2);
    for (const outcome of failed) {
      assertStringIncludes(
        String((outcome as PromiseRejectedResult).reason),
        'session "a" has other values than another run has found',
      );
    }
    const keys = await Array.fromAsync(place.list("shards/"), ({ key }) => key);
    assertEquals(keys.map((key) => `${folder}/${key}`), [
      await pathOf(place, 0),
    ]);
  }));

Deno.test("toShards: a manifest of another source is refused", () =>
  inPlace(async (_, folder) => {
    await lastValueFrom(stream().pipe(toShards(folder)));
    await overwrite(folder, manifestKey(1), MANIFEST);
    await assertRejects(
      () => lastValueFrom(stream().pipe(toShards(folder))),
      OutputError,
      "Cannot write shards: the manifest of session 1 is of another job: the " +
        `source was wehr, is of another kind (file "${folder}")`,
    );
  }));

Deno.test("toShards: a damaged manifest or job is refused, and nothing is written", () =>
  inPlace(async (_, folder) => {
    await lastValueFrom(stream().pipe(toShards(folder)));
    await Deno.truncate(`${folder}/${manifestKey(1)}`, 30);
    await assertRejects(
      () => lastValueFrom(stream().pipe(toShards(folder))),
      FormatError,
      `Cannot read manifest: it is no JSON (archive "${folder}", member ` +
        `"${manifestKey(1)}")`,
    );
    await overwrite(folder, "job.json", "{}");
    const before = await treeOf(folder);
    await assertRejects(
      () => lastValueFrom(stream().pipe(toShards(folder))),
      FormatError,
      "Cannot read job: rxephysShards is undefined, expected layout 1",
    );
    assertEquals(await treeOf(folder), before);
  }));

Deno.test("toShards: a place in which no folder can be is an error of the file", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await assertRejects(
      () => lastValueFrom(stream().pipe(toShards(`${folder}/file/place`))),
      OutputError,
      "a file stands in its path",
    );
  }));

Deno.test({
  name: "toShards: a place without rights is an error that names it",
  // Root may write anywhere but in the kernel's own folders.
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const path = "/sys/rxephys-place";
    const error = await lastValueFrom(stream().pipe(toShards(path)))
      .then(() => null, (error) => error);
    assert(error instanceof OutputError, String(error));
    assert(error.path.startsWith(path), error.path);
    assertStringIncludes(error.message, "Cannot write object: ");
  },
});

Deno.test({
  name: "toShards: a full disk is an error, and leaves no part of a shard",
  ignore: !CAN_MOUNT,
  fn: () =>
    inFolder(async (folder) => {
      const command = [Deno.execPath(), ...shardProcessArgs(`${folder}/x`)];
      const { code, files, said } = await onSmallDisk(command, folder);
      assertEquals(code, 1, said);
      assertStringIncludes(said, "OutputError: Cannot write ");
      assertStringIncludes(said, "o space left on device");
      assertEquals(files.filter((name) => name.startsWith(".")), []);
    }),
});

Deno.test("toShards: leaving early removes the unfinished shard, and the next run continues", () =>
  inPlace(async (_, folder) => {
    const reached = Promise.withResolvers<void>();
    const waiting: Session = {
      ...readySession("b", 1, []),
      presentations: () => {
        reached.resolve();
        return new Promise(() => {});
      },
    };
    const first = itemAt(await sessionsOf(stream()), 0);
    const running = of(first, waiting).pipe(toShards(folder)).subscribe();
    await reached.promise;
    running.unsubscribe();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assertEquals(
      namesIn(folder).filter((name) => name.startsWith(".")),
      [],
    );
    assertEquals(namesIn(`${folder}/shards`).length, 1);
    const names = namesIn(`${folder}/sessions`);
    assertEquals(names, ["000000.json"]);
  }));

Deno.test("toShards: passes on an error of the source, before anything is written", () =>
  inFolder(async (folder) => {
    const failing = concat(
      stream(),
      throwError(() => new RangeError("of the source")),
    );
    await assertRejects(
      () => lastValueFrom(failing.pipe(toShards(`${folder}/place`))),
      RangeError,
      "of the source",
    );
    assertEquals(namesIn(folder), []);
    const endless = NEVER.pipe(
      startWith(...await sessionsOf(stream())),
      toShards(`${folder}/place`),
    );
    endless.subscribe().unsubscribe();
    assertEquals(namesIn(folder), []);
  }));

Deno.test("toShards: passes on an error of a read, and keeps the whole shards", () =>
  inPlace(async (_, folder) => {
    const failing: Session = {
      ...readySession("b", 1, []),
      presentations: () => Promise.reject(new RangeError("of a read")),
    };
    const first = itemAt(await sessionsOf(stream()), 0);
    await assertRejects(
      () => lastValueFrom(of(first, failing).pipe(toShards(folder))),
      RangeError,
      "of a read",
    );
    assertEquals(namesIn(`${folder}/sessions`), ["000000.json"]);
    assertEquals(namesIn(folder).filter((name) => name.startsWith(".")), []);
  }));

const half = shard({ index: 0, count: 2 });
const STREAMS: readonly [string, () => Observable<Session>][] = [
  [
    'session "c" comes twice, expected no shuffleBuffer()',
    () => stream().pipe(half, shuffleBuffer({ seed: 1 })),
  ],
  [
    'session "a" was added behind shard() or keepSessions(), expected them last',
    () => concat(stream().pipe(half), stream().pipe(map((s) => s))),
  ],
  [
    'session "a" is of another shard(), expected one',
    () => concat(stream().pipe(half), stream().pipe(half)),
  ],
  [
    'session "x" was "a" before, expected shard() and keepSessions() behind what ' +
    "renames sessions",
    () => stream().pipe(half, map((session) => ({ ...session, id: "x" }))),
  ],
];

for (const [message, sessions] of STREAMS) {
  Deno.test(`toShards: refused: ${message}`, () =>
    inFolder(async (folder) => {
      await assertRejects(
        () => lastValueFrom(sessions().pipe(toShards(`${folder}/place`))),
        RecordingError,
        `Cannot write shards: ${message}`,
      );
      assertEquals(namesIn(folder), []);
    }));
}

Deno.test("toShards: refuses wrong options when it is called", () => {
  const refused: [unknown, unknown, typeof RangeError, string][] = [
    [
      undefined,
      {},
      TypeError,
      "place is undefined, expected a folder or s3://",
    ],
    ["", {}, TypeError, "place is empty, expected a folder or s3://"],
    [
      "x",
      { format: "zarr" },
      TypeError,
      "format is zarr, expected ndjson, npz, safetensors",
    ],
    ["x", { fromat: "npz" }, RangeError, "there is no option fromat, expected"],
    ["x", { overwrite: true }, RangeError, "there is no option overwrite"],
    ["x", { concurrency: 0 }, RangeError, "concurrency is 0, expected 1 to 64"],
  ];
  for (const [place, options, type, message] of refused) {
    assertThrows(
      () => toShards(place as string, options as ShardOptions),
      type,
      `Cannot write shards: ${message}`,
    );
  }
});

Deno.test("toShards: a place that fails at any of its steps leaves nothing that looks whole", () =>
  inFolder(async (folder) => {
    let isFailing = true;
    for (let step = 0; isFailing; step++) {
      const path = `${folder}/${step}`;
      const place = await failingPlace(await openPlace(path), step);
      isFailing = await lastValueFrom(writeShards(stream(), place, "npz", {}))
        .then(() => false, (error) => {
          assertEquals(String(error), "RangeError: of the place");
          return true;
        });
      const again = await lastValueFrom(stream().pipe(toShards(path)));
      assertEquals(again.written + again.kept, 3);
      assertEquals(await treeOf(path), await treeOf(`${folder}/0`));
      assert(step < 100);
    }
  }));

/** A place whose n-th operation fails. */
function failingPlace(place: Place, n: number): Place {
  let left = n;
  return new Proxy(place, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (left-- === 0) throw new RangeError("of the place");
        return value.apply(target, args);
      };
    },
  });
}

async function sessionsOf(
  sessions: Observable<Session>,
): Promise<Session[]> {
  const all: Session[] = [];
  await sessions.forEach((session) => void all.push(session));
  return all;
}

Deno.test("a job in the place of another source is refused before anything is read", () =>
  inPlace(async (_, folder) => {
    await overwrite(folder, "job.json", {
      rxephysShards: 1,
      format: "npz",
      recipe: JOB.recipe,
      sessions: 2,
      listing: "0".repeat(64),
    });
    const log: string[] = [];
    const session = readySession("a", 1, [], log);
    await assertRejects(
      () => lastValueFrom(of(session).pipe(toShards(folder))),
      OutputError,
      "the place holds those of another job: the source was wehr, is of another " +
        "kind",
    );
    assertEquals(log, []);
  }));

Deno.test("toShards: ranges of other sessions are another job, also if the same sessions follow", () =>
  inPlace(async (_, folder) => {
    const but = (id: string): MonoTypeOperatorFunction<Session> =>
      filter((session) => session.id !== id);
    const method = { method: "global" } as const;
    const all = stream().pipe(normalize(method), but("c"), toShards(folder));
    await lastValueFrom(all);
    const fewer = stream().pipe(but("c"), normalize(method), toShards(folder));
    await assertRejects(
      () => lastValueFrom(fewer),
      OutputError,
      `normalize's measured was {"sessions":3,"ids":"`,
    );
  }));
