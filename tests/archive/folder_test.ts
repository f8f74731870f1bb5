import {
  ArchiveError,
  DataNotFoundError,
  UnsupportedError,
} from "../../src/errors.ts";
import { openFolder } from "../../src/archive/folder.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { drain, rejection } from "../support/archives/archive_fixtures.ts";
import { countFiles, settle } from "../support/archives/byte_sources.ts";
import { itemAt } from "../support/item_at.ts";

const LARGE = Uint8Array.from({ length: 700_000 }, (_, i) => i % 253);

const CONTENTS: Readonly<Record<string, Uint8Array>> = {
  "wehr/Results/b.mat": LARGE,
  "wehr/Results/a.mat": new Uint8Array([1, 2, 3]),
  "wehr/Summary.mat": new Uint8Array([4]),
  "Z.txt": new Uint8Array(),
  "a/b": new Uint8Array([5]),
  "a.txt": new Uint8Array([6]),
  "\u{1f994}": new Uint8Array([7]),
  "\uff5a": new Uint8Array([8]),
};

// By UTF-16 code unit: "." before "/", and a surrogate pair before U+FF5A.
const SORTED = [
  "Z.txt",
  "a.txt",
  "a/b",
  "wehr/Results/a.mat",
  "wehr/Results/b.mat",
  "wehr/Summary.mat",
  "\u{1f994}",
  "\uff5a",
];

async function withFolder(
  run: (root: string) => Promise<void>,
): Promise<void> {
  const top = await Deno.makeTempDir();
  const root = `${top}/data`;
  for (const [path, bytes] of Object.entries(CONTENTS)) {
    const folder = `${root}/${path}`.replace(/\/[^/]*$/, "");
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeFile(`${root}/${path}`, bytes);
  }
  await Deno.mkdir(`${root}/empty`);
  await run(root);
  await Deno.remove(top, { recursive: true });
}

Deno.test("lists every file in order, reads it whole and as a stream", () =>
  withFolder(async (root) => {
    using files = countFiles();
    for (const path of [root, `${root}/`]) {
      const archive = await openFolder(path);
      assertEquals(files.open, 0);
      assertEquals(archive.name, path);
      assertEquals(
        archive.members,
        SORTED.map((path) => ({ path, size: itemAt(CONTENTS, path).length })),
      );
      for (const path of SORTED) {
        assertEquals(await archive.read(path), CONTENTS[path]);
        assertEquals(await drain(archive.stream(path)), CONTENTS[path]);
      }
      assertEquals(files.open, 0);
    }
    // One piece a stream, but for the large file's three and one for none.
    assertEquals(files.opened, 2 * (2 * SORTED.length + 2));
  }));

Deno.test("a file that is not listed is not found, even if it exists", () =>
  withFolder(async (root) => {
    const archive = await openFolder(`${root}/wehr`);
    for (const path of ["../a.txt", "Results", "Results/../Summary.mat", ""]) {
      const error = await assertRejects(
        () => archive.read(path),
        DataNotFoundError,
        "there is none",
      );
      assertEquals([error.archive, error.member], [archive.name, path]);
    }
  }));

Deno.test("a file whose length has changed is refused, and named", () =>
  withFolder(async (root) => {
    const archive = await openFolder(root);
    for (
      const [path, size] of [["wehr/Results/b.mat", 9], ["Z.txt", 1]] as const
    ) {
      await Deno.truncate(`${root}/${path}`, size);
      for (
        const read of [
          archive.read,
          (path: string): Promise<Uint8Array> => drain(archive.stream(path)),
        ]
      ) {
        const error = await assertRejects(
          () => read(path),
          ArchiveError,
          `it has ${size} bytes, and had ${itemAt(CONTENTS, path).length}`,
        );
        assertEquals([error.archive, error.member], [root, path]);
        assertEquals(
          error.offset,
          Math.min(size, itemAt(CONTENTS, path).length),
        );
      }
    }
    await Deno.remove(`${root}/a/b`);
    const gone = await assertRejects(
      () => archive.read("a/b"),
      DataNotFoundError,
    );
    assertEquals(gone.member, "a/b");
    assert(gone.cause instanceof Deno.errors.NotFound);
  }));

Deno.test("opening refuses a missing path, a file, and a value that is no path", () =>
  withFolder(async (root) => {
    const error = await assertRejects(
      () => openFolder(`${root}/nothing`),
      DataNotFoundError,
      "Cannot open folder",
    );
    assertEquals(error.archive, `${root}/nothing`);
    await assertRejects(
      () => openFolder(`${root}/a.txt`),
      ArchiveError,
      "Cannot open folder: it is no folder",
    );
    await assertRejects(
      () => openFolder(7 as unknown as string),
      TypeError,
      "Cannot open folder: path is 7, expected a string",
    );
  }));

Deno.test({
  name: "a folder that may not be read is not found",
  permissions: { read: false },
  async fn(): Promise<void> {
    const error = await assertRejects(
      () => openFolder("data"),
      DataNotFoundError,
      "read access",
    );
    assertEquals(error.archive, "data");
  },
});

Deno.test("a link to a file inside is a member, the folder may be a link", () =>
  withFolder(async (root) => {
    await Deno.symlink(`${root}/wehr/Summary.mat`, `${root}/a/link.mat`);
    await Deno.symlink(root, `${root}-link`);
    const archive = await openFolder(`${root}-link`);
    assertEquals(archive.members.length, SORTED.length + 1);
    assertEquals(await archive.read("a/link.mat"), new Uint8Array([4]));
  }));

for (
  const [what, target, message] of [
    ["a file outside", "../outside.txt", "leads outside or nowhere"],
    ["a folder outside", "..", "leads outside or nowhere"],
    ["a folder named like this one", "../data-2", "leads outside or nowhere"],
    ["nothing", "missing.txt", "leads outside or nowhere"],
    ["itself", "link", "leads outside or nowhere"],
    ["a folder inside", "wehr", "a link leads to a folder"],
  ] as const
) {
  Deno.test(`a link to ${what} is refused, not followed`, () =>
    withFolder(async (root) => {
      await Deno.writeTextFile(`${root}/../outside.txt`, "secret");
      await Deno.mkdir(`${root}-2`);
      await Deno.symlink(target, `${root}/link`);
      const error = await assertRejects(
        () => openFolder(root),
        UnsupportedError,
        message,
      );
      assertEquals([error.archive, error.member], [root, "link"]);
    }));
}

Deno.test("aborting rejects with the reason and leaves nothing open", () =>
  withFolder(async (root) => {
    using files = countFiles();
    const archive = await openFolder(root);
    const path = "wehr/Results/b.mat";
    const gone = { signal: AbortSignal.abort("left") };
    assertEquals(await rejection(openFolder(root, gone)), "left");
    assertEquals(await rejection(archive.read(path, gone)), "left");
    assertEquals(await rejection(drain(archive.stream(path, gone))), "left");
    assertEquals(files.opened, 0);
    for (
      const start of [
        (options: { signal: AbortSignal }): Promise<unknown> =>
          openFolder(root, options),
        (options: { signal: AbortSignal }): Promise<unknown> =>
          archive.read(path, options),
        (options: { signal: AbortSignal }): Promise<unknown> =>
          drain(archive.stream(path, options)),
      ]
    ) {
      const controller = new AbortController();
      const read = rejection(start(controller));
      controller.abort("left");
      assertEquals(await read, "left");
      await settle();
      assertEquals(files.open, 0);
    }
  }));

Deno.test("leaving a stream in the middle leaves nothing open", () =>
  withFolder(async (root) => {
    using files = countFiles();
    const archive = await openFolder(root);
    for await (const piece of archive.stream("wehr/Results/b.mat")) {
      assertEquals(piece.length, 262_144);
      assertEquals(files.open, 0);
      break;
    }
    await settle();
    assertEquals([files.opened, files.open], [1, 0]);
  }));
