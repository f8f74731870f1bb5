import { ArchiveError, DataNotFoundError } from "../../../src/errors.ts";
import {
  fileSource,
  statPath,
} from "../../../src/archive/bytes/byte_source.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { rejection } from "../../support/archives/archive_fixtures.ts";
import { countFiles } from "../../support/archives/byte_sources.ts";

async function withFile(
  bytes: Uint8Array,
  run: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, bytes);
  await run(path);
  await Deno.remove(path);
}

const BYTES = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);

Deno.test("reads any range, one open file a read", () =>
  withFile(BYTES, async (path) => {
    using files = countFiles();
    const source = fileSource(path, BYTES.length);
    for (
      const [offset, length] of [
        [0, 0],
        [0, 1],
        [250, 3],
        [0, BYTES.length],
        [1_048_575, 1_048_578],
        [BYTES.length - 1, 1],
        [BYTES.length, 0],
      ] as const
    ) {
      const read = await source.read(offset, length);
      assertEquals(read, BYTES.slice(offset, offset + length));
      assertEquals(read.buffer.byteLength, length);
      assertEquals(files.open, 0);
    }
    assertEquals(files.opened, 7);
  }));

Deno.test("refuses what lies beyond the end before it allocates", () =>
  withFile(BYTES, async (path) => {
    using files = countFiles();
    const source = fileSource(path, BYTES.length);
    for (
      const [offset, length] of [
        [0, BYTES.length + 1],
        [BYTES.length, 1],
        [0, 2 ** 50],
        [-1, 1],
        [0, -1],
        [NaN, 1],
      ] as const
    ) {
      const error = await assertRejects(
        () => source.read(offset, length),
        ArchiveError,
        "lie beyond its 3000000 bytes",
      );
      assertEquals([error.archive, error.offset], [path, offset]);
    }
    assertEquals(files.opened, 0);
  }));

Deno.test("refuses a file that has grown, shrunk or gone", () =>
  withFile(BYTES, async (path) => {
    using files = countFiles();
    const source = fileSource(path, BYTES.length, {
      archive: "folder",
      member: "a",
    });
    for (const size of [BYTES.length + 1, 10]) {
      await Deno.truncate(path, size);
      const error = await assertRejects(
        () => source.read(0, 5),
        ArchiveError,
        `it has ${size} bytes, and had 3000000 when opened`,
      );
      assertEquals([error.archive, error.member], ["folder", "a"]);
      assertEquals(error.offset, Math.min(size, BYTES.length));
    }
    await Deno.rename(path, `${path}.gone`);
    await assertRejects(() => source.read(0, 5), DataNotFoundError);
    await Deno.rename(`${path}.gone`, path);
    assertEquals(files.open, 0);
  }));

Deno.test("an aborted read has closed its file, at any step", () =>
  withFile(BYTES, async (path) => {
    using files = countFiles();
    const source = fileSource(path, BYTES.length);
    for (const at of [1, 2, 3]) {
      const controller = new AbortController();
      let step = 0;
      files.onRead = (): void => {
        if (++step === at) controller.abort({ left: at });
      };
      const reason = await rejection(
        source.read(0, BYTES.length, controller),
      );
      assertEquals(reason, { left: at });
      assertEquals([step, files.open], [at, 0]);
    }
  }));

Deno.test("a path that leads nowhere is named with the reason in words", async () => {
  const folder = await Deno.makeTempDir();
  const [loop, file] = [`${folder}/loop`, `${folder}/file`];
  await Deno.symlink(loop, loop);
  await Deno.writeTextFile(file, "");
  const reasons: [string, string][] = [
    [`${folder}/none`, "nothing is at the path"],
    [loop, "its links lead in a circle"],
    [`${folder}/${"x".repeat(300)}`, "the path, or a part of it, is too long"],
    [`${file}/inside`, "a file stands in its path"],
  ];
  for (const [path, reason] of reasons) {
    const error = await assertRejects(
      () => statPath("open zip", path, {}),
      DataNotFoundError,
    );
    assertEquals(
      error.message,
      `Cannot open zip: ${reason} (archive "${path}")`,
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a path that is none is the caller's mistake", async () => {
  const wrong: [unknown, string][] = [
    [7, "path is 7, expected a string"],
    ["a\0b", 'path is "a\\u0000b", expected no NUL in it'],
  ];
  for (const [path, rule] of wrong) {
    await assertRejects(
      () => statPath("open zip", path as string, {}),
      TypeError,
      `Cannot open zip: ${rule}`,
    );
  }
});
