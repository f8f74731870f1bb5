import { ArchiveError, DataNotFoundError } from "../../../src/errors.ts";
import { type HttpZip, openHttpZip } from "../../../src/archive/zip/zip.ts";
import { HttpSender } from "../../../src/publishers/sender.ts";
import { mount } from "../../../src/archive/mount.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { makeZip } from "../../support/archives/make_zip.ts";
import {
  type RangeServer,
  rangeServer,
} from "../../support/servers/range_server.ts";

const MEBIBYTE = 1 << 20;

/** Bytes that no packer makes shorter. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

async function withZip(
  zip: Uint8Array,
  run: (opened: HttpZip, server: RangeServer) => Promise<void>,
): Promise<void> {
  await using server = rangeServer({ "a.zip": zip });
  await run(
    await openHttpZip(`${server.url}a.zip`, { sender: new HttpSender() }),
    server,
  );
}

/** Zip of numbered members of 10,000 bytes, and their contents. */
async function numbered(
  count: number,
): Promise<{ zip: Uint8Array; contents: Record<string, Uint8Array> }> {
  const contents = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`f/${i}`, noise(10_000, i)]),
  );
  return { zip: await makeZip(contents, 0), contents };
}

Deno.test("http zip: its directory takes one request", async () => {
  const { zip, contents } = await numbered(20);
  await withZip(zip, ({ archive, stamp }, server) => {
    assertEquals(archive.name, `${server.url}a.zip`);
    assertEquals(archive.members.length, Object.keys(contents).length);
    assertEquals(stamp, `${zip.length} bytes, "1"`);
    assertEquals(server.requests.length, 1);
    return Promise.resolve();
  });
});

Deno.test("http zip: a directory of over 64 KiB takes two", async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(99));
  const contents = names.map((name) => [name, new Uint8Array(1)]);
  const zip = await makeZip(Object.fromEntries(contents), 0);
  await withZip(zip, ({ archive }, server) => {
    assertEquals(archive.members.length, 1000);
    assertEquals(server.requests.length, 2);
    return Promise.resolve();
  });
});

Deno.test("http zip: a member takes one request for its bytes", async () => {
  const { zip, contents } = await numbered(20);
  await withZip(zip, async ({ archive }, server) => {
    const before = server.bytesAsked;
    assertEquals(await archive.read("f/3"), contents["f/3"]);
    assertEquals(server.requests.length, 2);
    assert(server.bytesAsked - before < 10_200);
  });
});

Deno.test("http zip: announced members come in one request", async () => {
  const { zip, contents } = await numbered(20);
  await withZip(zip, async ({ archive }, server) => {
    archive.expect(["f/3", "f/4", "f/5", "not there"]);
    for (const path of ["f/4", "f/3", "f/5"]) {
      assertEquals(await archive.read(path), contents[path]);
    }
    assertEquals(server.requests.length, 2);
    assertEquals(await archive.read("f/6"), contents["f/6"]);
    assertEquals(server.requests.length, 3);
  });
});

Deno.test("http zip: announced members come together in a tree of several zips, too", async () => {
  const { zip, contents } = await numbered(20);
  await withZip(zip, async ({ archive }, server) => {
    const other = await openHttpZip(`${server.url}a.zip`, {
      sender: new HttpSender(),
    });
    const tree = mount([
      { at: "a", archive, from: "f" },
      { at: "b", archive: other.archive, from: "f" },
    ], "tree");
    tree.expect(["a/1", "b/7", "a/2", "b/8"]);
    for (const path of ["a/1", "b/7", "a/2", "b/8"]) {
      assertEquals(await tree.read(path), contents[`f/${path.slice(2)}`]);
    }
    assertEquals(server.requests.length, 4);
  });
});

Deno.test("http zip: an announced stream comes in one request", async () => {
  const bytes = noise(3 * MEBIBYTE, 1);
  const zip = await makeZip({ a: bytes, b: bytes });
  await withZip(zip, async ({ archive }, server) => {
    archive.expect(["a"]);
    const read = await new Response(archive.stream("a")).bytes();
    assertEquals(read, bytes);
    assertEquals(server.requests.length, 2);
    assert(server.bytesAsked < 3.1 * MEBIBYTE);
  });
});

Deno.test("http zip: an unannounced stream comes in few requests, at most twice what is read of it", async () => {
  const bytes = noise(6 * MEBIBYTE, 1);
  const zip = await makeZip({ a: bytes, b: bytes });
  await withZip(zip, async ({ archive }, server) => {
    const read = await new Response(archive.stream("a")).bytes();
    assertEquals(read, bytes);
    // 256 and 512 KiB, 1 MiB, 2, and the rest of 6 MiB.
    assertEquals(server.requests.length - 1, 5);
    const before = server.bytesAsked;
    let got = 0;
    for await (const piece of archive.stream("b")) {
      got += piece.length;
      if (got > MEBIBYTE) break;
    }
    assert(server.bytesAsked - before <= 2 * got + 2 * MEBIBYTE);
  });
});

Deno.test("http zip: a file that is no zip is refused by its address", async () => {
  await using server = rangeServer({ "a.zip": noise(1000, 1) });
  const error = await assertRejects(
    () =>
      openHttpZip(`${server.url}a.zip?token=s3cr3t`, {
        sender: new HttpSender(),
      }),
    ArchiveError,
    "Cannot open zip: no directory at its end, it is no zip or is cut short",
  );
  assertEquals((error as ArchiveError).archive, `${server.url}a.zip`);
});

Deno.test("http zip: a zip that is replaced after it was opened is refused", async () => {
  const { zip } = await numbered(20);
  await withZip(zip, async ({ archive }, server) => {
    server.headers = { etag: '"2"' };
    await assertRejects(
      () => archive.read("f/1"),
      ArchiveError,
      "Cannot read file: it has changed on the server since it was opened",
    );
  });
});

Deno.test("http zip: a missing zip is not found", async () => {
  await using server = rangeServer({});
  await assertRejects(
    () => openHttpZip(`${server.url}a.zip`, { sender: new HttpSender() }),
    DataNotFoundError,
    `nothing is at the address (404), check the address (archive "${server.url}a.zip")`,
  );
});
