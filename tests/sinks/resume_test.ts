import { type FileOptions, OutputError, type Session, toNdjson } from "rxephys";
import { concat, from, lastValueFrom, NEVER } from "rxjs";
import { assert, assertEquals, assertRejects } from "../_assert.ts";
import { readySession } from "./_ready_session.ts";

const TABLE: Session = {
  ...readySession("table", 2, [
    { key: "b", bins: 2, repeats: [null, [[7, 8]]] },
    { key: "c", bins: 2, repeats: [null, null] },
  ]),
  cellNumbers: [5, 3],
};

function sessions(reads: string[] = []): Session[] {
  const item = (key: string, value: number): ReturnType<typeof one> =>
    one(key, value);
  return [
    readySession("x", 2, [item("a", 1), item("b", 2)], reads),
    TABLE,
    readySession("y", 2, [item("a", 3), item("d", 4)], reads),
    readySession("z", 2, [item("d", 5)], reads),
  ];
}

function one(
  key: string,
  value: number,
): { key: string; bins: number; repeats: [number[][], null] } {
  return { key, bins: 2, repeats: [[[value, value + 0.5]], null] };
}

async function inFolder(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/x.ndjson`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes so many sessions, then fails. */
async function breakOff(path: string, after: number): Promise<void> {
  const failing: Session = {
    ...readySession("failing", 1, []),
    presentations: () => Promise.reject(new Error("broken off")),
  };
  const broken = from([...sessions().slice(0, after), failing]);
  const writing = broken.pipe(toNdjson(path, { resume: true }));
  await assertRejects(() => lastValueFrom(writing), Error, "broken off");
}

function write(
  path: string,
  options: FileOptions,
  of: readonly Session[] = sessions(),
): ReturnType<typeof lastValueFrom<unknown>> {
  return lastValueFrom(from(of).pipe(toNdjson(path, options)));
}

function filesBeside(path: string): string[] {
  const folder = path.slice(0, path.lastIndexOf("/"));
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

for (const after of [0, 1, 2, 3, 4]) {
  Deno.test(`resume: the same bytes, broken off after ${after} sessions`, () =>
    inFolder(async (path) => {
      const summary = await write(path, {});
      const whole = await Deno.readFile(path);
      await Deno.remove(path);
      await breakOff(path, after);
      assertEquals(filesBeside(path), [
        "x.ndjson.part",
        "x.ndjson.part.journal",
      ]);
      const reads: string[] = [];
      assertEquals(
        await write(path, { resume: true }, sessions(reads)),
        summary,
      );
      assertEquals(await Deno.readFile(path), whole);
      assertEquals(filesBeside(path), ["x.ndjson"]);
      assertEquals(reads.includes("x list"), after === 0);
    }));
}

Deno.test("resume: what a torn session and a torn line left is cut off", () =>
  inFolder(async (path) => {
    await write(path, {});
    const whole = await Deno.readFile(path);
    await Deno.remove(path);
    await breakOff(path, 2);
    const append = { append: true };
    await Deno.writeTextFile(`${path}.part`, '{"type":"resp', append);
    await Deno.writeTextFile(
      `${path}.part.journal`,
      '{"session":"y","si',
      append,
    );
    await write(path, { resume: true });
    assertEquals(await Deno.readFile(path), whole);
  }));

Deno.test("resume: without it, everything is written anew", () =>
  inFolder(async (path) => {
    await breakOff(path, 2);
    const reads: string[] = [];
    await write(path, {}, sessions(reads));
    assert(reads.includes("x list"));
  }));

Deno.test("resume: another stream, kind or a shorter file is refused", () =>
  inFolder(async (path) => {
    await breakOff(path, 2);
    const refused = (
      act: () => Promise<unknown>,
      why: string,
    ): Promise<unknown> =>
      assertRejects(act, OutputError, `Cannot resume: ${why}`);
    await refused(
      () => write(path, { resume: true }, sessions().slice(1)),
      'a session is "table", expected "x" as written before',
    );
    await refused(
      () => write(path, { resume: true }, sessions().slice(0, 1)),
      'the stream ends before session "table"',
    );
    await refused(
      () =>
        lastValueFrom(
          from(sessions()).pipe(
            toNdjson(path, { resume: true, arrays: "numbers" }),
          ),
        ),
      "it was begun as NDJSON of base64, expected NDJSON of numbers",
    );
    const { size } = await Deno.stat(`${path}.part`);
    await Deno.truncate(`${path}.part`, size - 1);
    await refused(
      () => write(path, { resume: true }),
      `${size - 1} bytes are left of ${size}, write it anew`,
    );
  }));

Deno.test("a file that is being written is not written twice", () =>
  inFolder(async (path) => {
    const begun = Promise.withResolvers<void>();
    const writing = concat(from(sessions()), NEVER).pipe(
      toNdjson(path, { onProgress: () => begun.resolve() }),
    ).subscribe();
    await begun.promise;
    await assertRejects(
      () => write(path, {}),
      OutputError,
      "another process writes it",
    );
    writing.unsubscribe();
    assertEquals(filesBeside(path), []);
  }));

Deno.test("a file that exists is kept unless it may be overwritten", () =>
  inFolder(async (path) => {
    await Deno.writeTextFile(path, "old");
    await assertRejects(
      () => write(path, {}),
      OutputError,
      "Cannot write NDJSON: it exists, expected another path or overwrite: true",
    );
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals(filesBeside(path), ["x.ndjson"]);
    await write(path, { overwrite: true });
    const { size } = await Deno.stat(path);
    await Deno.truncate(path, 0);
    await write(path, {});
    assertEquals((await Deno.stat(path)).size, size);
  }));
