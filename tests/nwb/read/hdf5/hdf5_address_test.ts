import { fromFileUrl } from "@std/path";
import {
  ArchiveError,
  CredentialError,
  DataError,
  DataNotFoundError,
  DownloadError,
  UnsupportedError,
} from "../../../../src/errors.ts";
import { platformTransport } from "../../../../src/http/transport.ts";
import { Hdf5File as Hdf5Writer } from "../../../../src/nwb/_hdf5_file.ts";
import {
  type Hdf5File,
  openHdf5,
} from "../../../../src/nwb/read/hdf5/hdf5_file.ts";
import { open as openFile } from "../../../../src/platform/files.ts";
import { HttpSender } from "../../../../src/publishers/sender.ts";
import {
  assert,
  assertEquals,
  assertRejects,
} from "../../../support/assert.ts";
import { inFolder } from "../../../support/in_folder.ts";
import { itemAt } from "../../../support/item_at.ts";
import {
  type Answering,
  answerOf,
  contentRange,
  type RangeServer,
  rangeServer,
} from "../../../support/servers/range_server.ts";

const FIXTURE = fromFileUrl(
  new URL("../../../fixtures/nwb-hdf5/earliest.h5", import.meta.url),
);
const SMALL = Deno.readFileSync(FIXTURE);
const BLOCK = 1 << 16;
/** Values of an array of 10 MB. */
const VALUES = 5_000_000;

/** A file of 20 MB with an array in one piece, and one in chunks. */
async function large(): Promise<Uint8Array> {
  let bytes = new Uint8Array();
  await inFolder(async (folder) => {
    const path = `${folder}/a.nwb`;
    const options = { read: true, write: true, createNew: true };
    const file = await openFile(path, options);
    using h5 = await Hdf5Writer.create(file, false);
    const values = Int16Array.from({ length: VALUES }, (_, i) => i);
    h5.numbers("plain", values);
    h5.numbers("chunked", values, {}, { shape: [VALUES], grows: true });
    h5.finish();
    file.close();
    bytes = await Deno.readFile(path);
  });
  return bytes;
}

function open(server: RangeServer, signal?: AbortSignal): Promise<Hdf5File> {
  const transport = { ...platformTransport, sleep: () => Promise.resolve() };
  return openHdf5(`${server.url}a.nwb?key=secret`, {
    sender: new HttpSender({ transport }),
    signal,
  });
}

async function served(
  file: Uint8Array,
  run: (server: RangeServer) => Promise<void>,
): Promise<void> {
  await using server = rangeServer({ "a.nwb": file });
  await run(server);
}

Deno.test("openHdf5: a file of a server has the values of the disk's", () =>
  served(SMALL, async (server) => {
    await using file = await open(server);
    await using local = await openHdf5(FIXTURE);
    assertEquals(file.name, `${server.url}a.nwb`);
    assertEquals(file.size, SMALL.length);
    assertEquals(file.stamp, `${SMALL.length} bytes, "1"`);
    const paths = ["numbers/cube", "layouts/filters", "texts/any"];
    for (const path of [...paths, "references/series", "compounds/mixed"]) {
      assertEquals(await file.read(path), await local.read(path));
      assertEquals(await file.dataset(path), await local.dataset(path));
    }
    assertEquals(await file.tree("/"), await local.tree("/"));
    // The end comes with the opening, then the first of two blocks.
    assertEquals(server.requests.length, 2);
  }));

Deno.test("openHdf5: arrays of a server take few requests", async () => {
  await served(await large(), async (server) => {
    await using file = await open(server);
    const before = server.requests.length;
    const plain = await file.read("plain", { start: 1 });
    assertEquals(plain.shape, [VALUES - 1]);
    assertEquals((plain.data as Int16Array)[4_321_000], 4_321_001 << 16 >> 16);
    // 10 MB in steps of 4 MiB.
    assertEquals(server.requests.length - before, 3);
    const between = server.requests.length;
    const chunked = await file.read("chunked", { stop: VALUES - 1 });
    assertEquals(chunked.shape, [VALUES - 1]);
    const same = plain.data as Int16Array;
    assertEquals((chunked.data as Int16Array)[0], 0);
    assertEquals(
      (chunked.data as Int16Array).subarray(1),
      same.subarray(0, -1),
    );
    // 77 chunks of 128 KiB.
    assert(server.requests.length - between < 20);
    assert(server.bytesAsked < 23_000_000, `${server.bytesAsked} bytes`);
    for (const { range } of server.requests.slice(between)) {
      assertEquals(itemAt(range ?? [], 0) % BLOCK, 0);
    }
  });
});

const OPENINGS: readonly [
  string,
  Answering,
  new (message: string) => DataError,
  string,
][] = [
  [
    "has no such file",
    () => new Response("", { status: 404 }),
    DataNotFoundError,
    "Cannot read file: nothing is at the address (404)",
  ],
  [
    "refuses access",
    () => new Response("", { status: 403 }),
    CredentialError,
    "Cannot read file: the server refuses access (403)",
  ],
  [
    "sends whole files only",
    () => answerOf(SMALL, null),
    UnsupportedError,
    "Cannot stream from this server: it sends no parts of a file",
  ],
];

for (const [what, answering, ErrorClass, message] of OPENINGS) {
  Deno.test(`openHdf5: a server that ${what} is a typed error`, () =>
    served(SMALL, async (server) => {
      server.answering = answering;
      await assertRejects(() => open(server), ErrorClass, message);
    }));
}

/** An answer that announces a range and sends something else. */
function lie(
  body: Uint8Array<ArrayBuffer>,
  start: number,
  end: number,
): Response {
  return new Response(body, {
    status: 206,
    headers: {
      etag: '"1"',
      "content-range": contentRange(start, end, SMALL.length),
    },
  });
}

const READS: readonly [
  string,
  Answering,
  new (message: string) => DataError,
  string,
][] = [
  [
    "drops every answer",
    ({ range }) => lie(new Uint8Array(0), ...range ?? [0, 0]),
    DownloadError,
    "Cannot read file: the answer ends early",
  ],
  [
    "breaks down",
    () => new Response("", { status: 503 }),
    DownloadError,
    "Cannot use the server: it is out of order (503), try again later",
  ],
  [
    "answers another range",
    ({ range }) =>
      lie(new Uint8Array(10), (range?.[0] ?? 0) + 1, range?.[1] ?? 0),
    DownloadError,
    "Cannot read file: the server answers bytes 1-65535, expected 0-65535",
  ],
  [
    "sends too much",
    ({ range }) => lie(new Uint8Array(BLOCK + 1), ...range ?? [0, 0]),
    DownloadError,
    "Cannot read file: the server sends more bytes than it says",
  ],
  [
    "has another version",
    ({ range }) => answerOf(SMALL, range, { etag: '"2"' }),
    ArchiveError,
    "Cannot read file: it has changed on the server since it was opened",
  ],
  [
    "has lost the file",
    () => new Response("", { status: 404 }),
    DataNotFoundError,
    "Cannot read file: nothing is at the address (404)",
  ],
];

for (const [what, answering, ErrorClass, message] of READS) {
  Deno.test(`openHdf5: a server that ${what} after the first answer is a typed error`, () =>
    served(SMALL, async (server) => {
      // The opening reads the first block.
      server.answering = (request, number) =>
        number === 1 ? undefined : answering(request, number);
      const error = await assertRejects(
        () => open(server),
        ErrorClass,
        message,
      );
      assert(!error.message.includes("secret"), error.message);
      assertEquals(error.archive, `${server.url}a.nwb`);
    }));
}

Deno.test("openHdf5: a read that the server fails can be repeated", async () => {
  const bytes = await large();
  await served(bytes, async (server) => {
    await using file = await open(server);
    const seen = server.requests.length;
    const broken: Answering = ({ range }) =>
      answerOf(bytes, range, { etag: '"2"' });
    server.answering = (request, number) =>
      number > seen + 1 ? broken(request, number) : undefined;
    for (let time = 0; time < 2; time++) {
      await assertRejects(() => file.read("plain"), ArchiveError, "changed");
    }
    server.answering = () => undefined;
    const { data } = await file.read("plain", { start: 40, stop: 42 });
    assertEquals(data, Int16Array.of(40, 41));
  });
});

Deno.test("openHdf5: an answer that is cut is resumed where it ended", () =>
  served(SMALL, async (server) => {
    const cut: number[] = [];
    server.answering = ({ range }) => {
      if (range === null || range[1] - range[0] < 1000) return undefined;
      cut.push(range[0]);
      const [start, end] = range;
      return lie(SMALL.slice(start, Math.min(start + 40_000, end)), start, end);
    };
    await using file = await open(server);
    assertEquals((await file.read("numbers/cube")).shape, [5, 4, 3]);
    assertEquals(cut, [6017, 46017, 0, 40000]);
  }));

Deno.test("openHdf5: an aborted read ends its request, and the next one succeeds", async () => {
  await served(await large(), async (server) => {
    await using file = await open(server);
    const asked = Promise.withResolvers<void>();
    const stuck = Promise.withResolvers<undefined>();
    server.answering = () => {
      asked.resolve();
      return stuck.promise;
    };
    const controller = new AbortController();
    const { signal } = controller;
    const read = assertRejects(
      () => file.read("plain", { signal }),
      RangeError,
      "enough",
    );
    const behind = file.read("plain", { stop: 3 });
    await asked.promise;
    server.answering = () => undefined;
    controller.abort(new RangeError("enough"));
    await read;
    assertEquals((await behind).data, Int16Array.of(0, 1, 2));
    stuck.resolve(undefined);
  });
});

Deno.test("openHdf5: an aborted opening ends its request", () =>
  served(SMALL, async (server) => {
    const controller = new AbortController();
    const stuck = Promise.withResolvers<undefined>();
    server.answering = (_, number) => {
      if (number === 1) return undefined;
      controller.abort(new RangeError("enough"));
      return stuck.promise;
    };
    await assertRejects(
      () => open(server, controller.signal),
      RangeError,
      "enough",
    );
    stuck.resolve(undefined);
  }));
