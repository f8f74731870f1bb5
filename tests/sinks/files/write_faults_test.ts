import { OutputError, type Session } from "rxephys";
import { concat, from, lastValueFrom, map, of, throwError } from "rxjs";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../../support/assert.ts";
import { CAN_MOUNT, onSmallDisk } from "../../support/small_disk.ts";
import { FILE_SINKS } from "../../support/sessions/file_sinks.ts";
import {
  noiseSessions,
  type NoiseSize,
} from "../../support/sessions/noise_sessions.ts";
import { readySession } from "../../support/sessions/ready_session.ts";
import { namesIn } from "../../support/tree.ts";
import { writeProcessArgs } from "../../support/sessions/write_noise.ts";
import { inFolder } from "../../support/in_folder.ts";

const SIZE: NoiseSize = {
  ...{ sessions: 3, presentations: 4, cells: 2, repeats: 5 },
  ...{ bands: 10, bins: 1000 },
};
const sessions = (): Session[] => [
  readySession("x", 1, [{ key: "a", bins: 2, repeats: [[[1, 2]]] }]),
  readySession("y", 1, [{ key: "b", bins: 2, repeats: [[[3, 4]]] }]),
];

for (const [format, sink] of Object.entries(FILE_SINKS)) {
  Deno.test({
    name: `${format}: a full disk is an error`,
    ignore: !CAN_MOUNT,
    fn: () =>
      inFolder(async (folder) => {
        for (const resume of [false, true]) {
          const deno = [
            Deno.execPath(),
            ...writeProcessArgs(format, `${folder}/x`, SIZE, { resume }),
          ];
          const { code, files, said } = await onSmallDisk(deno, folder);
          assertEquals(code, 1, said);
          const name = format.split(" ")[0];
          assertStringIncludes(said, `OutputError: Cannot write ${name}: `);
          // Deno's own and its Node API's messages differ in the first letter's case.
          assertStringIncludes(said, "o space left on device");
          const names = files.filter((line) => line.startsWith("x"));
          assert(!names.includes("x"));
          assertEquals(names.includes("x.part"), resume, names.join(" "));
          if (!resume) assertEquals(names, []);
        }
      }),
  });

  Deno.test(`${format}: a missing folder, or a file in its place, is an error`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/file`, "");
      for (const path of ["nowhere/x", "file/x"]) {
        const error = await assertRejects(
          () => lastValueFrom(from(sessions()).pipe(sink(`${folder}/${path}`))),
          OutputError,
          `Cannot write ${format.split(" ")[0]}: `,
        ) as OutputError;
        assertEquals(error.path, `${folder}/${path}`);
        assert(error.cause instanceof Error);
      }
      assertEquals(namesIn(folder), ["file"]);
    }));

  Deno.test(`${format}: an error of consumer or source leaves no file`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      const broken = (): never => {
        throw new TypeError("not my day");
      };
      for (const resume of [false, true]) {
        const streams = [
          from(sessions()).pipe(sink(path, { onProgress: broken, resume })),
          concat(
            of(...sessions()),
            throwError(() => new TypeError("not my day")),
          )
            .pipe(sink(path, { resume })),
        ];
        for (const stream of streams) {
          await assertRejects(
            () => lastValueFrom(stream),
            TypeError,
            "not my day",
          );
          assertEquals(namesIn(folder).includes("x"), false);
          assertEquals(namesIn(folder).length > 0, resume);
        }
      }
      const late = from(sessions()).pipe(
        sink(path, { resume: true }),
        map(broken),
      );
      await assertRejects(() => lastValueFrom(late), TypeError, "not my day");
      assertEquals(namesIn(folder), ["x"]);
    }));

  Deno.test(`${format}: unsubscribing during a write stops it and removes all files`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      using changes = Deno.watchFs(folder);
      const begun = Promise.withResolvers<void>();
      const onRead = (): void => begun.resolve();
      const writing = noiseSessions({ ...SIZE, bins: 20_000, onRead })
        .pipe(sink(path)).subscribe();
      await begun.promise;
      // The first presentation is being written after these turns.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      writing.unsubscribe();
      for await (const { kind, paths } of changes) {
        const isJournal = paths.some((name) => name.endsWith(".journal"));
        if (kind === "remove" && isJournal) break;
      }
      assertEquals(namesIn(folder), []);
      await lastValueFrom(from(sessions()).pipe(sink(path)));
      assertEquals(namesIn(folder), ["x"]);
    }));

  Deno.test(`${format}: unsubscribing during the opening leaves no file`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      using changes = Deno.watchFs(folder);
      const opening = firstOpening();
      const writing = from(sessions()).pipe(sink(path)).subscribe();
      await opening;
      writing.unsubscribe();
      for await (const { kind, paths } of changes) {
        const isJournal = paths.some((name) => name.endsWith(".journal"));
        if (kind === "remove" && isJournal) break;
      }
      assertEquals(namesIn(folder), []);
    }));
}

/** Resolves when the next file begins to open. */
function firstOpening(): Promise<void> {
  const { open } = Deno;
  const opening = Promise.withResolvers<void>();
  Deno.open = (...args): ReturnType<typeof open> => {
    Deno.open = open;
    opening.resolve();
    return open(...args);
  };
  return opening.promise;
}

Deno.test("unsubscribing before the opening creates no file", () =>
  inFolder(async (folder) => {
    for (const sink of Object.values(FILE_SINKS)) {
      from(sessions()).pipe(sink(`${folder}/x`)).subscribe().unsubscribe();
      await lastValueFrom(from(sessions()).pipe(sink(`${folder}/y`)));
      assertEquals(namesIn(folder), ["y"]);
      await Deno.remove(`${folder}/y`, { recursive: true });
    }
  }));

Deno.test("sinks refuse an invalid path when called", () => {
  for (const [name, sink] of Object.entries(FILE_SINKS)) {
    for (const path of [undefined, "", 5, null]) {
      assertThrows(() => sink(path as string, {}), TypeError, "path is", name);
    }
  }
});
