import {
  ArchiveError,
  DataNotFoundError,
  LimitError,
} from "../../../src/errors.ts";
import { tgzMembers } from "../../../src/archive/tar/tgz.ts";
import { openZip } from "../../../src/archive/zip/zip.ts";
import { DEFAULT_LIMITS } from "../../../src/base/limits.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  editedTar,
  headerAt,
  joined,
  longTar,
  packed,
  Source,
  tarball,
  tarOf,
  unpacked,
} from "../../support/archives/tgz_edit.ts";
import { itemAt } from "../../support/item_at.ts";

const FIXTURES = new URL("../../fixtures/", import.meta.url);
const EXPECTED: Readonly<Record<string, string>> = JSON.parse(
  Deno.readTextFileSync(new URL("tgz/expected.json", FIXTURES)),
);
const PATHS = Object.keys(EXPECTED);
const isRespJson = (path: string): boolean => path.endsWith(".resp.json");

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return new Uint8Array(digest).toHex();
}

for (const { name } of Deno.readDirSync(new URL("tgz/", FIXTURES))) {
  if (!name.endsWith(".tgz")) continue;
  for (const piece of [1, 100, 1 << 20]) {
    Deno.test(`tgz: ${name} in pieces of ${piece} matches Python`, async () => {
      const members = await unpacked(tarball(name), isFile, piece);
      assertEquals(members.map(({ path }) => path), PATHS);
      for (const { path, bytes } of members) {
        assertEquals(await sha256(bytes), EXPECTED[path], path);
        assertEquals(bytes.byteLength, bytes.buffer.byteLength);
      }
    });
  }
}

function isFile(path: string): boolean {
  return PATHS.includes(path);
}

Deno.test("tgz: each file is offered once, in order", async () => {
  const asked: string[] = [];
  const members = await unpacked(tarball("gnu.tgz"), (path) => {
    asked.push(path);
    return isRespJson(path);
  });
  assertEquals(members.map(({ path }) => path), ["P/P.resp.json"]);
  assertEquals(asked, ["P", ...PATHS]);
});

Deno.test("tgz: members are read while a zip streams", async () => {
  const file = new URL("wingert-small/recordings.zip", FIXTURES);
  const zip = await openZip(decodeURIComponent(file.pathname));
  const tarballs = zip.members.filter(({ path }) => path.endsWith(".tgz"));
  assert(tarballs.length > 0);
  for (const { path } of tarballs) {
    const names: string[] = [];
    const stream = zip.stream(path);
    for await (const member of tgzMembers(stream, () => true)) {
      names.push(member.path.replace(/^(\w+)\/\1\./, ""));
    }
    assertEquals(names, [
      "meta.json",
      "resp.h5",
      "resp.json",
      "resp.epoch.csv",
      "stim.h5",
      "stim.json",
      "stim.epoch.csv",
    ]);
  }
});

Deno.test("tgz: leaving the loop cancels the stream and reads no more", async () => {
  const pax = tarOf("pax.tgz");
  const start = pax.subarray(0, headerAt(pax, "P/P.resp.json") + 512);
  const source = new Source(packed(joined(start, longTar(4 << 20))));
  for await (const { path } of tgzMembers(source.stream, isRespJson)) {
    assertEquals(path, "P/P.resp.json");
    break;
  }
  assert(source.cancelled !== undefined);
  assert(source.read <= 1 << 20, `${source.read} bytes were read`);
});

Deno.test("tgz: reading does not run ahead of a slow reader", async () => {
  const source = new Source(packed(longTar(8 << 20)));
  const members = tgzMembers(source.stream, (path) => path.endsWith(".json"));
  await members.next();
  for (let turn = 0; turn < 100; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert(source.read <= 1 << 20, `${source.read} bytes were read`);
  await members.return(undefined);
});

Deno.test("tgz: an error of the stream is thrown unchanged", async () => {
  const bytes = tarball("pax.tgz").subarray(0, 300);
  const failure = new DataNotFoundError("Cannot read member: there is none");
  const source = new Source(bytes, 100, (to) => to.error(failure));
  const error = await assertRejects(() =>
    Array.fromAsync(tgzMembers(source.stream, () => true))
  );
  assert(error === failure);
});

Deno.test("tgz: an abort ends a pending read and cancels the stream", async () => {
  const waiting = Promise.withResolvers<void>();
  const source = new Source(tarball("pax.tgz").subarray(0, 300), 100, () => {
    waiting.resolve();
    return new Promise<void>(() => {});
  });
  const stop = new AbortController();
  const { signal } = stop;
  const reading = Array.fromAsync(
    tgzMembers(source.stream, () => true, { signal }),
  );
  await waiting.promise;
  const reason = new RangeError("enough");
  stop.abort(reason);
  const error = await assertRejects(() => reading, RangeError, "enough");
  assert(error === reason);
  assert(source.cancelled?.reason === reason);
});

Deno.test("tgz: an aborted signal reads nothing", async () => {
  const source = new Source(tarball("pax.tgz"));
  const signal = AbortSignal.abort();
  const members = tgzMembers(source.stream, () => true, { signal });
  await assertRejects(() => members.next(), DOMException);
  assertEquals(source.read, 0);
  assert(source.cancelled !== undefined);
});

Deno.test("tgz: an error of the caller leaves nothing open", async () => {
  const source = new Source(packed(longTar(4 << 20)));
  const fault = new TypeError("mine");
  const members = tgzMembers(source.stream, () => {
    throw fault;
  });
  const error = await assertRejects(() => members.next(), TypeError, "mine");
  assert(error === fault);
  assert(source.cancelled !== undefined);
});

Deno.test("tgz: a wanted member may be as large as the limit", async () => {
  const read = (memberBytes: number): Promise<number> =>
    Array.fromAsync(
      tgzMembers(
        new Source(tarball("pax.tgz")).stream,
        (path) => path.endsWith(".h5"),
        { limits: { ...DEFAULT_LIMITS, memberBytes }, member: "P.tgz" },
      ),
      ({ bytes }) => bytes.length,
    ).then((lengths) => itemAt(lengths, 0));
  assertEquals(await read(10240), 10240);
  const why = 'Cannot read tar: "P/P.resp.h5" has 10240 bytes: ' +
    "limits.memberBytes is 10239 and can be raised " +
    '(member "P.tgz", byte 3072)';
  await assertRejects(() => read(10239), LimitError, why);
});

Deno.test("tgz: a claim of a missing gigabyte takes no memory", async () => {
  const pax = tarOf("pax.tgz");
  const at = headerAt(pax, "P/P.resp.h5");
  const tar = editedTar(pax, at, [124, "07777777777"]);
  const error = await assertRejects(
    () => unpacked(packed(tar)),
    ArchiveError,
    'Cannot read tar: it ends inside "P/P.resp.h5"',
  );
  assertEquals(error.offset, tar.length);
});
