import { type FileOptions, OutputError, type Session, toNdjson } from "rxephys";
import { concat, from, lastValueFrom, NEVER } from "rxjs";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  FILE_SINKS,
  type FileSink,
} from "../../support/sessions/file_sinks.ts";
import { withLineage } from "../../../src/stream/lineage.ts";
import { readySession } from "../../support/sessions/ready_session.ts";
import { namesIn, treeOf } from "../../support/tree.ts";
import { inFolder } from "../../support/in_folder.ts";
import { itemAt } from "../../support/item_at.ts";

const TABLE = withLineage(
  readySession("table", 2, [
    { key: "b", bins: 2, repeats: [null, [[7, 8]]] },
    { key: "c", bins: 2, repeats: [null, null] },
  ]),
  { cellNumbers: [5, 3] },
);

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

/** Writes `after` sessions and the first presentation of another, then fails. */
async function breakOff(
  sink: FileSink,
  path: string,
  after: number,
): Promise<void> {
  const torn = readySession("torn", 3, [
    { key: "torn", bins: 900, repeats: [null, null, [[...Array(900).keys()]]] },
  ]);
  const failing: Session = {
    ...torn,
    presentations: async () => {
      const all = await torn.presentations();
      const read = (): Promise<never> =>
        Promise.reject(new Error("broken off"));
      return [...all, { ...itemAt(all, 0), read }];
    },
  };
  const broken = from([...sessions().slice(0, after), failing]);
  const writing = broken.pipe(sink(path, { resume: true }));
  await assertRejects(() => lastValueFrom(writing), Error, "broken off");
}

function write(
  sink: FileSink,
  path: string,
  options: FileOptions = {},
  of: readonly Session[] = sessions(),
): ReturnType<typeof lastValueFrom<unknown>> {
  return lastValueFrom(from(of).pipe(sink(path, options)));
}

for (const [format, sink] of Object.entries(FILE_SINKS)) {
  for (const after of [0, 1, 2, 3, 4]) {
    Deno.test(`resume: ${format}, the same bytes after an interruption at ${after} sessions`, () =>
      inFolder(async (folder) => {
        const path = `${folder}/x`;
        const summary = await write(sink, `${folder}/x`);
        const whole = await treeOf(path);
        await Deno.remove(path, { recursive: true });
        await breakOff(sink, path, after);
        const left = namesIn(folder);
        assert(left.includes("x.part") && left.includes("x.part.journal"));
        assert(!left.includes("x"));
        const reads: string[] = [];
        assertEquals(
          await write(sink, path, { resume: true }, sessions(reads)),
          summary,
        );
        assertEquals(await treeOf(path), whole);
        assertEquals(namesIn(folder), ["x"]);
        assertEquals(reads.includes("x list"), after === 0);
      }));
  }

  Deno.test(`resume: ${format}, an incomplete line of the journal is dropped`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      await write(sink, path);
      const whole = await treeOf(path);
      await Deno.remove(path, { recursive: true });
      await breakOff(sink, path, 2);
      const append = { append: true };
      const journal = `${path}.part.journal`;
      await Deno.writeTextFile(journal, '{"session":"y","si', append);
      await write(sink, path, { resume: true });
      assertEquals(await treeOf(path), whole);
    }));

  Deno.test(`resume: ${format}, without the option everything is written again`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      await breakOff(sink, path, 2);
      const reads: string[] = [];
      await write(sink, path, {}, sessions(reads));
      assert(reads.includes("x list"));
      assertEquals(namesIn(folder), ["x"]);
    }));

  Deno.test(`resume: ${format}, a run killed after the final rename is complete`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      await breakOff(sink, path, 4);
      await Deno.remove(`${path}.part`, { recursive: true });
      await write(sink, `${folder}/y`);
      await Deno.rename(`${folder}/y`, path);
      const whole = await treeOf(path);
      const reads: string[] = [];
      await write(sink, path, { resume: true }, sessions(reads));
      assertEquals(reads, []);
      assertEquals(namesIn(folder), ["x"]);
      await write(sink, path, { resume: true, overwrite: true });
      assertEquals(await treeOf(path), whole);
      assertEquals(namesIn(folder), ["x"]);
    }));

  Deno.test(`resume: ${format}, a finished file is reported and kept`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      const summary = await write(sink, path, { resume: true });
      const whole = await treeOf(path);
      const reads: string[] = [];
      const again = await write(sink, path, { resume: true }, sessions(reads));
      assertEquals(again, summary);
      assertEquals(reads, []);
      assertEquals(await treeOf(path), whole);
      await Deno.remove(path, { recursive: true });
      await Deno.writeTextFile(path, "another program's");
      await assertRejects(
        () => write(sink, path, { resume: true }),
        OutputError,
        "it exists, expected another path or overwrite: true",
      );
      assertEquals(await Deno.readTextFile(path), "another program's");
    }));

  Deno.test(`${format}: another sink's interrupted output does not interfere`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      for (const other of Object.values(FILE_SINKS)) {
        await breakOff(other, path, 2);
        await write(sink, path);
        assertEquals(namesIn(folder), ["x"]);
        await Deno.remove(path, { recursive: true });
      }
    }));

  Deno.test(`${format}: replaces files, folders and links, but not the targets of links`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      await write(sink, path);
      const whole = await treeOf(path);
      const made: Record<string, () => Promise<void>> = {
        "a file": () => Deno.writeTextFile(path, "old"),
        "an empty file": () => Deno.writeTextFile(path, ""),
        "an empty folder": () => Deno.mkdir(path),
        "a folder of toZarr": () => write(FILE_SINKS.Zarr, path).then(() => {}),
        "a link": () => Deno.symlink(`${folder}/kept`, path),
      };
      await Deno.mkdir(`${folder}/kept`);
      await Deno.writeTextFile(`${folder}/kept/mine`, "kept");
      for (const [what, make] of Object.entries(made)) {
        await Deno.remove(path, { recursive: true });
        await make();
        if (what !== "an empty file") {
          await assertRejects(
            () => write(sink, path),
            OutputError,
            "it exists",
          );
        }
        await write(sink, path, { overwrite: what !== "an empty file" });
        assertEquals(await treeOf(path), whole, what);
        assertEquals(namesIn(folder), ["kept", "x"], what);
      }
      assertEquals(await Deno.readTextFile(`${folder}/kept/mine`), "kept");
    }));

  Deno.test(`${format}: never replaces a folder with files of the user`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      await Deno.mkdir(`${path}/stimuli/0`, { recursive: true });
      const refused = (): Promise<unknown> =>
        assertRejects(
          () => write(sink, path, { overwrite: true }),
          OutputError,
          "it is a folder that no sink wrote, expected another path",
        );
      await refused();
      await Deno.remove(path, { recursive: true });
      await write(FILE_SINKS.Zarr, path);
      for (const more of ["mine", "stimuli/mine", "responses/mine"]) {
        await Deno.writeTextFile(`${path}/${more}`, "mine");
        const tree = await treeOf(path);
        await refused();
        assertEquals(await treeOf(path), tree);
        await Deno.remove(`${path}/${more}`);
      }
      await write(sink, path, { overwrite: true });
    }));

  Deno.test(`${format}: keeps user files that have the names of temporary ones`, () =>
    inFolder(async (folder) => {
      const made: readonly ((path: string) => Promise<void>)[] = [
        (path) => Deno.writeTextFile(path, "mine"),
        (path) => Deno.symlink(`${folder}/mine`, path),
        async (path) => {
          await Deno.mkdir(path);
          await Deno.writeTextFile(`${path}/mine`, "mine");
        },
      ];
      await Deno.writeTextFile(`${folder}/mine`, "mine");
      const endings = [
        ...["", ".data", ".heads", ".reads", ".stimuli", ".old", ".journal"],
      ];
      for (const ending of endings) {
        for (const make of made) {
          await make(`${folder}/x.part${ending}`);
          const tree = await treeOf(folder);
          for (const resume of [false, true]) {
            const options = { overwrite: true, resume };
            const error = await assertRejects(
              () => write(sink, `${folder}/x`, options),
              OutputError,
            ) as OutputError;
            assertEquals(error.path, `${folder}/x.part${ending}`);
            assertEquals(await treeOf(folder), tree);
          }
          await Deno.remove(`${folder}/x.part${ending}`, { recursive: true });
        }
      }
    }));

  Deno.test({
    name: `${format}: never replaces devices and pipes`,
    ignore: Deno.build.os === "windows",
    fn: () =>
      inFolder(async (folder) => {
        const pipe = `${folder}/pipe`;
        await new Deno.Command("mkfifo", { args: [pipe] }).output();
        await Deno.symlink("/dev/null", `${folder}/null`);
        for (const path of [pipe, `${folder}/null`, "/dev/null"]) {
          for (const overwrite of [false, true]) {
            await assertRejects(
              () => write(sink, path, { overwrite }),
              OutputError,
              "it is a device, a pipe or a socket, expected a file; " +
                "toNdjson takes a stream",
            );
          }
        }
        assert((await Deno.lstat(pipe)).isFifo);
        assert((await Deno.lstat("/dev/null")).isCharDevice);
        assertEquals(namesIn(folder), ["null", "pipe"]);
      }),
  });
}

Deno.test("Zarr: a run killed between the two renames keeps the old folder", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const zarr = FILE_SINKS.Zarr;
    await write(zarr, path);
    const whole = await treeOf(path);
    await breakOff(zarr, path.replace(/x$/, "y"), 0);
    await Deno.rename(`${folder}/y.part.journal`, `${path}.part.journal`);
    await Deno.remove(`${folder}/y.part`, { recursive: true });
    for (const index of ["stimuli", "responses"]) {
      await Deno.remove(`${folder}/y.part.${index}`);
    }
    await Deno.rename(path, `${path}.part.old`);
    await assertRejects(() => write(zarr, path), OutputError, "it exists");
    const broken = breakOff(
      (to, options) => zarr(to, { ...options, overwrite: true, resume: false }),
      path,
      1,
    );
    await broken;
    assertEquals(await treeOf(path), whole);
    assertEquals(namesIn(folder), ["x"]);
  }));

Deno.test("resume: refuses another stream, another format and a shorter file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await breakOff(toNdjson, path, 2);
    const refused = (
      act: () => Promise<unknown>,
      why: string,
    ): Promise<unknown> =>
      assertRejects(act, OutputError, `Cannot resume: ${why}`);
    const resume = { resume: true };
    await refused(
      () => write(toNdjson, path, resume, sessions().slice(1)),
      'a session is "table", expected "x" as written before',
    );
    await refused(
      () => write(toNdjson, path, resume, sessions().slice(0, 1)),
      'the stream ends before session "table"',
    );
    await refused(
      () => write(itemAt(FILE_SINKS, "NDJSON of numbers"), path, resume),
      "it was begun as NDJSON of base64, expected NDJSON of numbers",
    );
    const journal = await Deno.readTextFile(`${path}.part.journal`);
    const { size } = await Deno.stat(`${path}.part`);
    const entry = journal.trimEnd().split("\n").at(-1) ?? "";
    const { lines } = JSON.parse(entry).mark.files;
    assert(lines.size <= size);
    await Deno.truncate(`${path}.part`, lines.size - 3);
    await refused(
      () => write(toNdjson, path, resume),
      `${lines.size - 3} bytes are left of ${lines.size - 2}, write it anew`,
    );
  }));

Deno.test("a file that another program creates meanwhile is kept", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const onProgress = (): void => Deno.writeTextFileSync(path, "mine");
    await assertRejects(
      () =>
        lastValueFrom(from(sessions()).pipe(toNdjson(path, { onProgress }))),
      OutputError,
      "Cannot write NDJSON: it exists, expected another path or overwrite: true",
    );
    assertEquals(await Deno.readTextFile(path), "mine");
  }));

Deno.test("a file that is being written refuses a second writer", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const begun = Promise.withResolvers<void>();
    const writing = concat(from(sessions()), NEVER).pipe(
      toNdjson(path, {
        onProgress: ({ sessionsDone }) => sessionsDone === 4 && begun.resolve(),
      }),
    ).subscribe();
    await begun.promise;
    await assertRejects(
      () => write(toNdjson, path),
      OutputError,
      `Cannot write NDJSON: another process writes it (file "${path}")`,
    );
    writing.unsubscribe();
    assertEquals(namesIn(folder), []);
  }));

Deno.test("an existing file is kept unless overwrite is true", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await Deno.writeTextFile(path, "old");
    await assertRejects(
      () => write(toNdjson, path),
      OutputError,
      "Cannot write NDJSON: it exists, expected another path or overwrite: true",
    );
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals(namesIn(folder), ["x"]);
  }));
