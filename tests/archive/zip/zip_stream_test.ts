import { ArchiveError, LimitError } from "../../../src/errors.ts";
import type { ByteSource } from "../../../src/archive/bytes/byte_source.ts";
import { zipArchive } from "../../../src/archive/zip/zip.ts";
import { openZip } from "../../../src/archive/zip/zip.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  drain,
  fixture,
  randomBelow,
  rejection,
  truth,
} from "../../support/archives/archive_fixtures.ts";
import { makeZip } from "../../support/archives/make_zip.ts";
import {
  countFiles,
  countingSource,
  settle,
} from "../../support/archives/byte_sources.ts";

const MIB = 1 << 20;
const PIECE = 1 << 18;

const below = randomBelow(1);
const NOISE = Uint8Array.from({ length: 4 * MIB }, () => below(256));
const deflated = await makeZip({ "noise.bin": NOISE });
const stored = await makeZip({ "noise.bin": NOISE }, 0);

for (
  const [how, zip] of [["deflated", deflated], ["stored", stored]] as const
) {
  Deno.test(`${how}: reads at most two pieces ahead of the reader`, async () => {
    const source = countingSource(zip);
    const archive = await zipArchive(source);
    const opening = source.bytesRead;
    const stream = archive.stream("noise.bin");
    await settle();
    assertEquals(source.bytesRead, opening, "nothing is read before a pull");
    let got = 0;
    for await (const piece of stream) {
      got += piece.length;
      await settle();
      const ahead = source.bytesRead - opening - got;
      assert(ahead <= 2 * PIECE, `${ahead} bytes ahead`);
      assert(piece.length <= PIECE);
    }
    assertEquals(got, NOISE.length);
  });

  Deno.test(`${how}: leaving in the middle ends a pending read`, async () => {
    const source = countingSource(zip);
    const archive = await zipArchive(source);
    const reader = archive.stream("noise.bin").getReader();
    await reader.read();
    source.hang();
    await settle();
    const read = reader.read().then(({ done }) => done);
    while (source.pending === 0) await reader.read();
    await reader.cancel();
    await read;
    assertEquals(source.pending, 0);
  });

  Deno.test(`${how}: aborting ends a pending read with the reason`, async () => {
    const source = countingSource(zip);
    const archive = await zipArchive(source);
    source.hang();
    const controller = new AbortController();
    const stream = archive.stream("noise.bin", { signal: controller.signal });
    const read = rejection(drain(stream));
    const whole = rejection(archive.read("noise.bin", controller));
    await settle();
    assertEquals(source.pending, 2);
    controller.abort("left");
    assertEquals([await read, await whole], ["left", "left"]);
    await settle();
    assertEquals(source.pending, 0);
  });

  Deno.test(`${how}: aborting between two reads errors the stream`, async () => {
    const source = countingSource(zip);
    const archive = await zipArchive(source);
    const controller = new AbortController();
    const stream = archive.stream("noise.bin", { signal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    await settle();
    const before = source.bytesRead;
    controller.abort("left");
    assertEquals(await rejection(reader.closed), "left");
    assertEquals(await rejection(reader.read()), "left");
    await settle();
    assertEquals(source.bytesRead, before);
  });

  Deno.test(`${how}: no file stays open, however the stream ends`, async () => {
    const path = await Deno.makeTempFile();
    await Deno.writeFile(path, zip);
    using files = countFiles();
    const archive = await openZip(path);
    assertEquals(files.open, 0);

    const dropped = archive.stream("noise.bin").getReader();
    await dropped.read();
    await settle();
    assertEquals(files.open, 0, "between two reads");

    const left = archive.stream("noise.bin").getReader();
    const pending = left.read();
    await left.cancel();
    await pending;
    assertEquals(files.open, 0, "left while pending");

    for await (const _ of archive.stream("noise.bin")) break;
    assertEquals(files.open, 0, "left between two reads");

    const controller = new AbortController();
    const aborted = rejection(drain(archive.stream("noise.bin", controller)));
    controller.abort("left");
    assertEquals(await aborted, "left");
    await settle();
    assertEquals(files.open, 0, "aborted");

    // Within one file read: between two of its steps of 1 MiB.
    const inner = new AbortController();
    let steps = 0;
    files.onRead = (): void => {
      if (++steps === 2) inner.abort("left");
    };
    assertEquals(await rejection(archive.read("noise.bin", inner)), "left");
    assertEquals([files.open, steps], [0, 2], "aborted within a read");
    delete files.onRead;

    await damage(path);
    await assertRejects(() => drain(archive.stream("noise.bin")), ArchiveError);
    assertEquals(files.open, 0, "damaged");
    assert(files.opened >= 7);
    await Deno.remove(path);
  });
}

Deno.test("a fault found while a read is pending ends that read", async () => {
  const zip = deflated.slice();
  const view = new DataView(zip.buffer);
  const directory = view.getUint32(zip.length - 6, true);
  view.setUint32(directory + 24, 200_000, true);
  view.setUint32(22, 200_000, true);
  const source = countingSource(zip);
  const hanging: ByteSource = {
    ...source,
    read: (offset, length, options): Promise<Uint8Array> => {
      const read = source.read(offset, length, options);
      if (offset === 0) source.hang();
      return read;
    },
  };
  const archive = await zipArchive(hanging);
  await assertRejects(
    () => drain(archive.stream("noise.bin")),
    ArchiveError,
    "it unpacks to more than its 200000 bytes",
  );
  assertEquals(source.pending, 0);
});

Deno.test("a stream that is read to its end forgets its signal", async () => {
  const archive = await zipArchive(countingSource(deflated));
  const controller = new AbortController();
  const reader = archive.stream("noise.bin", controller).getReader();
  while (!(await reader.read()).done);
  controller.abort("late");
  await reader.closed;
});

Deno.test("a stream of zeros comes in pieces, however well packed", async () => {
  const zip = await makeZip({ "zeros.bin": new Uint8Array(32 * MIB) });
  const archive = await zipArchive(countingSource(zip));
  let total = 0;
  for await (const piece of archive.stream("zeros.bin")) {
    assert(piece.length <= PIECE);
    total += piece.length;
  }
  assertEquals(total, 32 * MIB);
});

Deno.test("beyond 4 GiB: opening reads the directory alone, a read its member alone", async () => {
  const { path, size } = await sparseZip();
  using files = countFiles();
  let bytesRead = 0;
  files.onRead = (): void => void bytesRead++;
  const archive = await openZip(path);
  assertEquals(bytesRead, 1, "one operation for the last 64 KiB");
  assertEquals(archive.members, [
    { path: "zeros.bin", size: truth.sparse.zeros },
    { path: "far.txt", size: 12 },
    { path: "far.mat", size: 1800 },
  ]);
  assert(size > 2 ** 32);
  const far = new TextDecoder().decode(await archive.read("far.txt"));
  assertEquals(far, "beyond 4 GiB");
  const mat = new TextDecoder().decode(await drain(archive.stream("far.mat")));
  assertEquals(mat, "deflated ".repeat(200));
  const reader = archive.stream("zeros.bin").getReader();
  assertEquals((await reader.read()).value, new Uint8Array(PIECE));
  await reader.cancel();
  await assertRejects(
    () => archive.read("zeros.bin"),
    LimitError,
    "limits.memberBytes is 1073741824 and can be raised",
  );
  assertEquals(files.open, 0);
  await Deno.remove(path);
});

Deno.test("a 64 MiB zip: opening reads the directory alone, a read its member alone", async () => {
  const names = Array.from({ length: 64 }, (_, i) => `zeros/${i}.bin`);
  const zip = await makeZip(
    Object.fromEntries(names.map((name) => [name, new Uint8Array(MIB)])),
    0,
  );
  const source = countingSource(zip);
  const archive = await zipArchive(source);
  assertEquals(archive.members.length, 64);
  assertEquals(source.reads.length, 1);
  assert(source.bytesRead <= 65_557, `${source.bytesRead} bytes to open`);
  const opening = source.bytesRead;
  await archive.read("zeros/30.bin");
  const header = 30 + "zeros/30.bin".length;
  const slack = source.bytesRead - opening - MIB - header;
  assertEquals(source.reads.length, 2);
  assert(slack >= 0 && slack <= 128, `${slack} bytes of slack`);
});

async function damage(path: string): Promise<void> {
  const file = await Deno.open(path, { write: true });
  await file.seek(2 * MIB, Deno.SeekMode.Start);
  await file.write(new Uint8Array(64));
  file.close();
}

async function sparseZip(): Promise<{ path: string; size: number }> {
  const { tailOffset, size } = truth.sparse;
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  const file = await Deno.open(path, { write: true });
  await file.write(await Deno.readFile(fixture("sparse_head.bin")));
  await file.seek(tailOffset, Deno.SeekMode.Start);
  await file.write(await Deno.readFile(fixture("sparse_tail.bin")));
  assertEquals((await file.stat()).size, size);
  file.close();
  return { path, size };
}
