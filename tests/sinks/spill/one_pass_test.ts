import {
  type FileOptions,
  normalize,
  OutputError,
  type Session,
  toNdjson,
  toNpz,
  wingert2026,
  wingert2026Pipeline,
  type WriteSummary,
} from "rxephys";
import {
  from,
  lastValueFrom,
  map,
  type OperatorFunction,
  share,
  take,
} from "rxjs";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { WINGERT_SMALL } from "../../support/golden/golden_wingert.ts";
import { bytesReadBelow } from "../../support/archives/bytes_below.ts";
import { inFolder } from "../../support/in_folder.ts";
import { FILE_SINKS } from "../../support/sessions/file_sinks.ts";
import { namesIn, treeOf } from "../../support/tree.ts";
import {
  METHODS,
  mixedRanges,
  mixedSessions,
  type ReadLog,
} from "./_mixed_sessions.ts";

type Sink = OperatorFunction<Session, WriteSummary>;

/** Writes sessions that a first pass normalises. */
function write(sink: Sink, given: Session[]): Promise<WriteSummary> {
  return lastValueFrom(from(given).pipe(normalize(), sink));
}

/** Reads that are not the first of their kind; a first session is listed twice. */
function again(log: ReadLog): string[] {
  return log.filter((read, at) =>
    !read.endsWith("list") && log.indexOf(read) !== at
  );
}

/** The file that two passes make, of given ranges. */
async function expectedTree(
  folder: string,
  sink: (path: string) => Sink,
  method: (typeof METHODS)[number] = "bandAndNeuron",
): Promise<Record<string, string>> {
  const ranges = await mixedRanges(method);
  const path = `${folder}/expected`;
  const mapped = from(mixedSessions()).pipe(normalize({ method, ranges }));
  await lastValueFrom(mapped.pipe(sink(path)));
  const tree = await treeOf(path);
  await Deno.remove(path, { recursive: true });
  return tree;
}

for (const [format, sink] of Object.entries(FILE_SINKS)) {
  for (const method of METHODS) {
    Deno.test(`${format}: ${method} in one pass gives the bytes of two, and reads everything once`, () =>
      inFolder(async (folder) => {
        const expected = await expectedTree(folder, sink, method);
        for (const concurrency of [1, 3]) {
          const log: ReadLog = [];
          const path = `${folder}/x`;
          const normalized = from(mixedSessions(log)).pipe(
            normalize({ method }),
          );
          const options = { concurrency, overwrite: true };
          await lastValueFrom(normalized.pipe(sink(path, options)));
          assertEquals(await treeOf(path), expected);
          assertEquals(again(log), []);
          assertEquals(namesIn(folder), ["x"]);
        }
      }));
  }

  Deno.test(`${format}: normalised twice, everything is read once`, () =>
    inFolder(async (folder) => {
      const log: ReadLog = [];
      const twice = from(mixedSessions(log)).pipe(
        normalize(),
        normalize({ method: "global" }),
      );
      await lastValueFrom(twice.pipe(sink(`${folder}/x`)));
      assertEquals(again(log), []);
      const apart = from(mixedSessions()).pipe(
        normalize(),
        map(unannounced),
        normalize({ method: "global" }),
        map(unannounced),
      );
      await lastValueFrom(apart.pipe(sink(`${folder}/y`)));
      assertEquals(await treeOf(`${folder}/x`), await treeOf(`${folder}/y`));
      await Deno.remove(`${folder}/y`, { recursive: true });
      assertEquals(namesIn(folder), ["x"]);
    }));

  Deno.test(`${format}: a run that breaks off after the pass resumes to the same bytes`, () =>
    inFolder(async (folder) => {
      const expected = await expectedTree(folder, sink);
      const path = `${folder}/x`;
      const cases = [[1, false], [1, true], [3, true]] as const;
      for (const [after, left] of cases) {
        await assertRejects(
          () => write(sink(path, breakingAt(after)), mixedSessions()),
          TypeError,
          "broken off",
        );
        const names = namesIn(folder);
        assert(names.includes("x.part"));
        assertEquals(names.includes("x.part.reads"), false, names.join(" "));
        // A run that is killed leaves one.
        if (left) await Deno.writeTextFile(`${path}.part.reads`, "torn");
        const log: ReadLog = [];
        await write(sink(path, { resume: true }), mixedSessions(log));
        assertEquals(await treeOf(path), expected);
        assertEquals(again(log), []);
        assertEquals(namesIn(folder), ["x"]);
        await Deno.remove(path, { recursive: true });
      }
    }));

  Deno.test(`${format}: a run that breaks off in the pass starts it anew`, () =>
    inFolder(async (folder) => {
      const expected = await expectedTree(folder, sink);
      const path = `${folder}/x`;
      await assertRejects(
        () => write(sink(path, breakingAt(0)), mixedSessions()),
        TypeError,
        "broken off",
      );
      assertEquals(namesIn(folder).includes("x.part.reads"), false);
      const log: ReadLog = [];
      await write(sink(path, { resume: true }), mixedSessions(log));
      assertEquals(await treeOf(path), expected);
      assertEquals(again(log), []);
      assertEquals(namesIn(folder), ["x"]);
    }));

  Deno.test(`${format}: errors and unsubscribing remove what the pass keeps`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      for (const sessionsDone of [0, 1]) {
        const options = { ...breakingAt(sessionsDone), resume: false };
        await assertRejects(
          () => write(sink(path, options), mixedSessions()),
          TypeError,
          "broken off",
        );
        assertEquals(namesIn(folder), []);
      }
      for (const resume of [false, true]) {
        using changes = Deno.watchFs(folder);
        const writing = from(mixedSessions()).pipe(
          normalize(),
          sink(path, { resume, onProgress: () => writing.unsubscribe() }),
        ).subscribe();
        for await (const { kind, paths } of changes) {
          const isSpill = paths.some((name) => name.endsWith(".reads"));
          if (kind === "remove" && isSpill) break;
        }
        assertEquals(namesIn(folder).includes("x.part.reads"), false);
        assertEquals(namesIn(folder).includes("x"), false);
      }
    }));

  Deno.test(`${format}: a damaged or short file of what the pass keeps is an error`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      const spill = `${path}.part.reads`;
      const damages: readonly (() => void)[] = [
        () => Deno.truncateSync(spill, Deno.statSync(spill).size - 1),
        () => {
          const bytes = Deno.readFileSync(spill);
          bytes[bytes.length - 1] = 0;
          Deno.writeFileSync(spill, bytes);
        },
      ];
      for (const damage of damages) {
        let kept = 0;
        const onProgress = (): void => {
          // The last presentation of the pass.
          if (++kept === 7) damage();
        };
        const error = await assertRejects(
          () => write(sink(path, { onProgress }), mixedSessions()),
          OutputError,
          `Cannot write ${format.split(" ")[0]}: another program changed a ` +
            "temporary file meanwhile",
        ) as OutputError;
        assertEquals(error.path, spill);
        assertEquals(namesIn(folder), []);
      }
    }));
}

/** A session whose reads a pass cannot know: it keeps nothing of them. */
function unannounced(session: Session): Session {
  const presentations: Session["presentations"] = (options) =>
    session.presentations(options);
  return { ...session, presentations };
}

/** Fails a run in the pass (0), or after some sessions. */
function breakingAt(sessions: number): FileOptions {
  return {
    resume: true,
    onProgress: ({ sessionsDone, presentationsDone }): void => {
      if (sessionsDone < sessions || presentationsDone < 2) return;
      throw new TypeError("broken off");
    },
  };
}

Deno.test("a stream to a pipe keeps nothing: everything is read twice", async () => {
  const log: ReadLog = [];
  await write(toNdjson(new WritableStream()), mixedSessions(log));
  const reads = new Set(log.filter((read) => !read.endsWith("list")));
  assertEquals(new Set(again(log)), reads);
});

Deno.test("of two files of one stream each gets the same bytes, also where one is left", () =>
  inFolder(async (folder) => {
    const expected = await expectedTree(folder, toNpz);
    for (const isLeft of [false, true]) {
      const shared = from(mixedSessions()).pipe(normalize(), share());
      const first = shared.pipe(toNpz(`${folder}/x`, {
        onProgress: () => isLeft && leaving.unsubscribe(),
      }));
      const done = Promise.withResolvers<void>();
      const leaving = first.subscribe({ complete: done.resolve });
      await lastValueFrom(shared.pipe(toNpz(`${folder}/y`)));
      assertEquals(await treeOf(`${folder}/y`), expected);
      if (!isLeft) {
        await done.promise;
        assertEquals(await treeOf(`${folder}/x`), expected);
        await Deno.remove(`${folder}/x`);
      }
      await Deno.remove(`${folder}/y`);
    }
  }));

Deno.test("sessions that the sink does not read are kept nowhere", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const first = from(mixedSessions()).pipe(normalize(), take(1));
    let presentations = 0;
    const { stimuli } = await lastValueFrom(first.pipe(toNpz(path, {
      onProgress: ({ presentationsDone }) => presentations = presentationsDone,
    })));
    assertEquals(stimuli, 2);
    // Those of the first session alone.
    assertEquals(presentations, 3);
    assertEquals(namesIn(folder), ["x"]);
  }));

Deno.test("a file of a release reads the archive once, with and without workers", () =>
  inFolder(async (folder) => {
    const trees: unknown[] = [];
    const bytesOf = async (
      chain: Parameters<typeof wingert2026Pipeline>[0],
    ): Promise<number> => {
      const path = `${folder}/x`;
      // No session stays in memory.
      const options = { indexFolder: `${folder}/index`, maxCacheBytes: 0 };
      const bytes = await bytesReadBelow(WINGERT_SMALL, () =>
        lastValueFrom(
          wingert2026(WINGERT_SMALL, options).pipe(
            wingert2026Pipeline(chain),
            toNpz(path, { overwrite: true }),
          ),
        ));
      trees.push(await treeOf(path));
      return bytes;
    };
    await bytesOf({ normalize: "none" });
    const none = await bytesOf({ normalize: "none" });
    assertEquals(await bytesOf({ normalize: "bandAndNeuron" }), none);
    await bytesOf({ normalize: "bandAndNeuron", parallel: 2 });
    assertEquals(trees[3], trees[2]);
  }));
