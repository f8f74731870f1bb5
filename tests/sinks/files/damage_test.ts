import { type FileOptions, OutputError, type Session } from "rxephys";
import { concat, from, lastValueFrom, NEVER } from "rxjs";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  FILE_SINKS,
  type FileSink,
} from "../../support/sessions/file_sinks.ts";
import { inFolder } from "../../support/in_folder.ts";
import { readySession } from "../../support/sessions/ready_session.ts";
import { seeded, whole as wholeBelow } from "../../support/sessions/traces.ts";
import { namesIn, treeOf } from "../../support/tree.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";

function sessions(): Session[] {
  const item = (key: string, value: number): {
    key: string;
    bins: number;
    repeats: number[][][];
  } => ({ key, bins: 2, repeats: [[[value, value + 0.5]]] });
  return [
    readySession("x", 1, [item("a", 1), item("b", 2)]),
    readySession("y", 1, [item("a", 3), item("c", 4)]),
    readySession("z", 1, [item("d", 5)]),
  ];
}

const write = (
  sink: FileSink,
  path: string,
  options?: FileOptions,
): Promise<unknown> =>
  lastValueFrom(from(sessions()).pipe(sink(path, options)));

/** Writes two sessions, then fails. */
async function breakOff(sink: FileSink, path: string): Promise<void> {
  const failing: Session = {
    ...readySession("torn", 1, []),
    presentations: () => Promise.reject(new Error("broken off")),
  };
  const writing = from([...sessions().slice(0, 2), failing])
    .pipe(sink(path, { resume: true }));
  await assertRejects(() => lastValueFrom(writing), Error, "broken off");
}

/** Every file of an interrupted output. */
function* filesOf(path: string): Generator<string> {
  const { isFile } = Deno.lstatSync(path);
  if (isFile) return yield path;
  for (const name of namesIn(path)) yield* filesOf(`${path}/${name}`);
}

async function copyTo(folder: string, from: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await new Deno.Command("cp", { args: ["-r", from, folder] }).output();
}

for (const [format, sink] of Object.entries(FILE_SINKS)) {
  Deno.test(`damage: ${format}, a flipped bit is refused or overwritten`, () =>
    inFolder(async (folder) => {
      await write(sink, `${folder}/whole`);
      const whole = await treeOf(`${folder}/whole`);
      await Deno.mkdir(`${folder}/broken`);
      await breakOff(sink, `${folder}/broken/x`);
      const files = [...filesOf(`${folder}/broken`)]
        .filter((file) => Deno.statSync(file).size > 0);
      const random = seeded(5);
      for (let i = 0; i < 30; i++) {
        await copyTo(`${folder}/now`, `${folder}/broken`);
        const file = itemAt(files, i % files.length);
        const changed = file.replace("/broken/", "/now/");
        const bytes = await Deno.readFile(changed);
        const at = wholeBelow(random, 0, bytes.length - 1);
        (bytes[at] as number) ^= 1 << wholeBelow(random, 0, 7);
        await Deno.writeFile(changed, bytes);
        const error = await resumed(sink, `${folder}/now/x`);
        if (error === null) {
          assertEquals(await treeOf(`${folder}/now/x`), whole, changed);
        } else assert(error instanceof OutputError, String(error));
      }
    }));
}

async function resumed(sink: FileSink, path: string): Promise<unknown> {
  try {
    await write(sink, path, { resume: true });
    return null;
  } catch (error) {
    return error;
  }
}

Deno.test("damage: a journal that lacks a line is refused", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await breakOff(FILE_SINKS.NDJSON, path);
    const journal = await Deno.readTextFile(`${path}.part.journal`);
    const lines = journal.trimEnd().split("\n");
    assertEquals(lines.length, 4);
    for (const line of lines.slice(1, -1)) {
      const less = journal.replace(`${line}\n`, "");
      await Deno.writeTextFile(`${path}.part.journal`, less);
      await assertRejects(
        () => write(FILE_SINKS.NDJSON, path, { resume: true }),
        OutputError,
        "Cannot resume: the journal of the run before is damaged, write anew",
      );
    }
  }));

Deno.test("damage: a journal with a missing or changed field is refused", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await breakOff(FILE_SINKS.NPZ, path);
    const journal = await Deno.readTextFile(`${path}.part.journal`);
    for (const line of journal.trimEnd().split("\n")) {
      const fields = JSON.parse(line);
      for (const key of Object.keys(fields)) {
        for (const value of [undefined, null, "other", { toString: 1 }]) {
          const edited = JSON.stringify({ ...fields, [key]: value });
          await Deno.writeTextFile(
            `${path}.part.journal`,
            journal.replace(line, () => edited),
          );
          const error = await resumed(FILE_SINKS.NPZ, path);
          assert(error instanceof OutputError, `${key}: ${String(error)}`);
        }
      }
    }
    await Deno.writeTextFile(`${path}.part.journal`, journal);
    await write(FILE_SINKS.NPZ, path, { resume: true });
  }));

Deno.test("damage: Zarr, a file that is missing, empty or a link is refused", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const damages: readonly (readonly [
      string,
      (file: string) => Promise<void>,
    ])[] = [
      ["a file is missing", (file) => Deno.remove(file)],
      ["0 bytes are left of", (file) => Deno.writeFile(file, new Uint8Array())],
      ["a file is missing", async (file) => {
        await Deno.rename(file, `${folder}/elsewhere`);
        await Deno.symlink(`${folder}/elsewhere`, file);
      }],
    ];
    for (const [why, damage] of damages) {
      await breakOff(FILE_SINKS.Zarr, path);
      const files = [...filesOf(`${path}.part`)];
      const chunk = files.find((file) => file.includes("responses/0.0/c/"));
      await damage(chunk ?? "");
      const error = await assertRejects(
        () => write(FILE_SINKS.Zarr, path, { resume: true }),
        OutputError,
        `Cannot resume: ${why}`,
      ) as OutputError;
      assertEquals(error.path, chunk);
      await write(FILE_SINKS.Zarr, path);
      await Deno.remove(path, { recursive: true });
    }
  }));

for (const [format, sink] of Object.entries(FILE_SINKS)) {
  Deno.test(`damage: ${format}, removing the output during the write is an error`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      const part = `${path}.part`;
      const [first, second] = firstOf(2, sessions());
      const removals: readonly (() => void)[] = [
        () => Deno.removeSync(part, { recursive: true }),
        () => {
          Deno.removeSync(part, { recursive: true });
          if (format === "Zarr") Deno.mkdirSync(part);
          else Deno.writeTextFileSync(part, "other");
        },
      ];
      for (const remove of removals) {
        const last: Session = {
          ...second,
          presentations: (options) => {
            remove();
            return second.presentations(options);
          },
        };
        await assertRejects(
          () => lastValueFrom(from([first, last]).pipe(sink(path))),
          OutputError,
          "Cannot write ",
        );
        assertEquals(namesIn(folder), []);
      }
    }));
}

Deno.test("damage: Zarr, removing one chunk during the write is an error", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const chunk = `${path}.part/responses/0.0/c/0/0`;
    const writing = from(sessions()).pipe(FILE_SINKS.Zarr(path, {
      onProgress: ({ sessionsDone, presentationsDone }) =>
        sessionsDone === 1 && presentationsDone === 4 &&
        Deno.removeSync(chunk),
    }));
    const error = await assertRejects(
      () => lastValueFrom(writing),
      OutputError,
      "Cannot write file: another program removed or changed it meanwhile",
    ) as OutputError;
    assertEquals(error.path, chunk);
    assertEquals(namesIn(folder), []);
  }));

Deno.test("unsubscribing when the partial file cannot be removed is handled", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const begun = Promise.withResolvers<void>();
    const unhandled: unknown[] = [];
    const listener = (event: PromiseRejectionEvent): void => {
      event.preventDefault();
      unhandled.push(event.reason);
    };
    addEventListener("unhandledrejection", listener);
    try {
      const writing = concat(from(sessions()), NEVER).pipe(
        FILE_SINKS.NDJSON(path, {
          onProgress: ({ sessionsDone }) =>
            sessionsDone === 3 && begun.resolve(),
        }),
      ).subscribe();
      await begun.promise;
      const { removeSync } = Deno;
      Deno.removeSync = () => {
        throw new Deno.errors.PermissionDenied("not yours");
      };
      writing.unsubscribe();
      // Rejections are reported one turn of the event loop later.
      await new Promise((resolve) => setTimeout(resolve));
      Deno.removeSync = removeSync;
    } finally {
      removeEventListener("unhandledrejection", listener);
    }
    assertEquals(unhandled, []);
    assertEquals(namesIn(folder), ["x.part", "x.part.journal"]);
    await write(FILE_SINKS.NDJSON, path);
    assertEquals(namesIn(folder), ["x"]);
  }));
