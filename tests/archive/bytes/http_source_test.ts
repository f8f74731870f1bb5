import fc from "fast-check";
import {
  ArchiveError,
  CredentialError,
  DataError,
  DataNotFoundError,
  DownloadError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { HttpSender } from "../../../src/publishers/sender.ts";
import {
  type HttpSource,
  openHttpSource,
} from "../../../src/archive/bytes/http_source.ts";
import {
  platformTransport,
  type Transport,
} from "../../../src/http/transport.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  type Answering,
  answerOf,
  contentRange,
  type RangeServer,
  rangeServer,
  type ServedFile,
  type ServedRequest,
} from "../../support/servers/range_server.ts";
import { itemAt } from "../../support/item_at.ts";

const TAIL = 65_557;
const FILE = new Uint8Array(300_000).map((_, i) => (i * 2654435761) >>> 13);
const HERE = { etag: '"1"' };

/** The platform's, its waits cut short and counted. */
function hasty(waits: number[] = []): Transport {
  return {
    ...platformTransport,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  };
}

function open(
  server: RangeServer,
  waits?: number[],
  name = "file.bin",
): Promise<HttpSource> {
  const sender = new HttpSender({ transport: hasty(waits) });
  return openHttpSource(server.url + name, { sender });
}

function withFile(run: (server: RangeServer) => Promise<void>): Promise<void> {
  return withFiles({ "file.bin": FILE }, run);
}

async function withFiles(
  files: Record<string, Uint8Array | ServedFile>,
  run: (server: RangeServer) => Promise<void>,
): Promise<void> {
  await using server = rangeServer(files);
  await run(server);
}

Deno.test("http source: opens with one request, which brings the end along", () =>
  withFile(async (server) => {
    const source = await open(server);
    assertEquals(source.size, FILE.length);
    assertEquals(source.name, `${server.url}file.bin`);
    assertEquals(source.stamp, '300000 bytes, "1"');
    const start = FILE.length - TAIL;
    assertEquals(await source.read(start, TAIL), FILE.slice(start));
    assertEquals(server.requests.length, 1);
    assertEquals(server.bytesAsked, TAIL);
  }));

Deno.test("http source: requests bytes as they are stored", () =>
  withFile(async (server) => {
    await open(server);
    const { headers } = itemAt(server.requests, 0);
    assertEquals(headers.get("accept-encoding"), "identity");
    assertEquals(headers.get("range"), `bytes=-${TAIL}`);
  }));

Deno.test("http source: requests the bytes of a read and no more", () =>
  withFile(async (server) => {
    const source = await open(server);
    assertEquals(await source.read(1000, 10), FILE.slice(1000, 1010));
    assertEquals(itemAt(server.requests, 1).range, [1000, 1010]);
  }));

Deno.test("http source: a file shorter than its end is opened whole", () =>
  withFiles({ "file.bin": FILE.slice(0, 10) }, async (server) => {
    const source = await open(server);
    assertEquals(source.size, 10);
    assertEquals(await source.read(0, 10), FILE.slice(0, 10));
    assertEquals(server.requests.length, 1);
  }));

Deno.test("http source: refuses bytes beyond the end before it asks", () =>
  withFile(async (server) => {
    const source = await open(server);
    await assertRejects(
      () => source.read(299_999, 2),
      ArchiveError,
      "Cannot read file: 2 bytes lie beyond its 300000 bytes",
    );
    assertEquals(server.requests.length, 1);
  }));

Deno.test("http source: a server that knows no range from the end is asked from the start", () =>
  withFile(async (server) => {
    server.answering = ({ headers }) =>
      headers.get("range")?.startsWith("bytes=-")
        ? answerOf(FILE, null, HERE)
        : undefined;
    const source = await open(server);
    assertEquals(source.size, FILE.length);
    assertEquals(await source.read(5, 5), FILE.slice(5, 10));
  }));

/** An answer of some bytes that says it is a range. */
function partial(
  body: BodyInit,
  range: ServedRequest["range"],
  headers: Record<string, string> = {},
): Response {
  const [start, end] = range ?? [0, 0];
  const said = contentRange(start, end, FILE.length);
  return new Response(body, {
    status: 206,
    headers: { ...HERE, ...headers, "content-range": said },
  });
}

const OPENINGS: readonly [
  string,
  Answering,
  new (...args: never[]) => DataError,
  string,
][] = [
  [
    "sends whole files only",
    () => answerOf(FILE, null, HERE),
    UnsupportedError,
    "Cannot stream from this server: it sends no parts of a file (HTTP " +
    "Range); download the file first (`download`) and stream it from disk",
  ],
  [
    "has no such file",
    () => new Response("", { status: 404 }),
    DataNotFoundError,
    "Cannot read file: nothing is at the address (404), check the address",
  ],
  [
    "refuses the file",
    () => new Response("", { status: 403 }),
    CredentialError,
    "Cannot read file: the server refuses access (403), expected an address",
  ],
  [
    "knows no range at all",
    () => new Response("", { status: 416 }),
    UnsupportedError,
    "Cannot stream from this server: it sends no parts of a file",
  ],
  [
    "sends a web page",
    () =>
      new Response("<!doctype html><p>Login below</p>", {
        headers: { "content-type": "text/html; charset=utf-8" },
      }),
    DownloadError,
    "a web page comes in the place of the file",
  ],
  [
    "does not say which bytes it sends",
    () => new Response(FILE.slice(0, 9), { status: 206 }),
    DownloadError,
    "the server's Content-Range is null, expected bytes <first>-<last>/<size>",
  ],
  [
    "does not know the size of its file",
    () =>
      new Response(FILE.slice(0, 9), {
        status: 206,
        headers: { "content-range": "bytes 0-8/*" },
      }),
    DownloadError,
    "the server's Content-Range is bytes 0-8/*, expected",
  ],
  [
    "says that a range ends before it starts",
    () =>
      new Response(FILE.slice(0, 9), {
        status: 206,
        headers: { "content-range": "bytes 8-0/300000" },
      }),
    DownloadError,
    "the server's Content-Range is bytes 8-0/300000, expected",
  ],
  [
    "sends all for its end, as a range",
    () => answerOf(FILE, [0, FILE.length], HERE),
    DownloadError,
    "the server answers bytes 0-299999, expected 234443-299999",
  ],
  [
    "packs what it sends",
    ({ range }) => answerOf(FILE, range, { "content-encoding": "zstd" }),
    UnsupportedError,
    "the server packs its parts (zstd); download it first",
  ],
  [
    "never gets well",
    () => new Response("", { status: 503 }),
    DownloadError,
    "it is out of order (503)",
  ],
];

for (const [what, answering, type, message] of OPENINGS) {
  Deno.test(`http source: refuses a server that ${what}`, () =>
    withFile(async (server) => {
      server.answering = answering;
      const error = await assertRejects(() => open(server), type, message);
      assertEquals((error as DataError).archive, `${server.url}file.bin`);
    }));
}

const READS: readonly [
  string,
  Answering,
  new (...args: never[]) => DataError,
  string,
][] = [
  [
    "a file of another ETag",
    ({ range }) => answerOf(FILE, range, { etag: '"2"' }),
    ArchiveError,
    "Cannot read file: it has changed on the server since it was opened",
  ],
  [
    "a file of another size",
    ({ range }) => answerOf(FILE.subarray(0, 299_999), range, HERE),
    ArchiveError,
    "Cannot read file: it has changed on the server",
  ],
  [
    "the whole file for a part",
    () => answerOf(FILE, null, HERE),
    ArchiveError,
    "Cannot read file: it has changed on the server",
  ],
  [
    "416",
    () => new Response("", { status: 416 }),
    ArchiveError,
    "Cannot read file: it has changed on the server",
  ],
  [
    "other bytes than asked for",
    () => answerOf(FILE, [0, 10], HERE),
    DownloadError,
    "Cannot read file: the server answers bytes 0-9, expected 1000-1009",
  ],
  [
    "more bytes than asked for",
    () => answerOf(FILE, [1000, 1011], HERE),
    DownloadError,
    "the server answers bytes 1000-1010, expected 1000-1009",
  ],
  [
    "more bytes than it says",
    ({ range }) => partial(FILE.slice(1000, 1011), range),
    DownloadError,
    "Cannot read file: the server sends more bytes than it says",
  ],
  [
    "fewer bytes than it says, again and again",
    ({ range }) => partial("", range),
    DownloadError,
    "Cannot read file: the answer ends early",
  ],
  [
    "nothing any more",
    () => new Response("", { status: 404 }),
    DataNotFoundError,
    "Cannot read file: nothing is at the address (404), check the address",
  ],
];

for (const [what, answering, type, message] of READS) {
  Deno.test(`http source: refuses ${what}`, () =>
    withFile(async (server) => {
      const source = await open(server);
      server.answering = answering;
      await assertRejects(() => source.read(1000, 10), type, message);
      server.answering = () => undefined;
      assertEquals(await source.read(1000, 10), FILE.slice(1000, 1010));
    }));
}

Deno.test("http source: without ETags the times are compared", () =>
  withFile(async (server) => {
    const day = (n: number): string => `Fri, 0${n} Nov 2026 10:00:00 GMT`;
    server.headers = { "last-modified": day(1) };
    const source = await open(server);
    assertEquals(source.stamp, `300000 bytes, ${day(1)}`);
    await source.read(0, 10);
    server.headers = { "last-modified": day(2) };
    await assertRejects(() => source.read(0, 10), ArchiveError, "has changed");
  }));

Deno.test("http source: without either the size alone is compared", () =>
  withFile(async (server) => {
    server.headers = {};
    const source = await open(server);
    assertEquals(source.stamp, null);
    assertEquals(await source.read(0, 10), FILE.slice(0, 10));
  }));

Deno.test("http source: an answer that the platform unpacks is refused", () =>
  withFile(async (server) => {
    const packed = await gzipped(FILE.slice(1000, 2000));
    const source = await open(server);
    server.answering = ({ range }) =>
      partial(packed, range, { "content-encoding": "gzip" });
    const error = await assertRejects(() => source.read(1000, 1000));
    assert(error instanceof UnsupportedError || error instanceof DownloadError);
  }));

function gzipped(bytes: Uint8Array): Promise<Blob> {
  const stream = new Blob([bytes as BlobPart]).stream();
  return new Response(stream.pipeThrough(new CompressionStream("gzip"))).blob();
}

/** The answer to a range whose connection is cut after some bytes. */
function cut(range: ServedRequest["range"], bytes: number): Response {
  const [start, end] = range ?? [0, 0];
  // The server closes it, for the body ends before its length.
  const body = new ReadableStream({
    start(controller): void {
      controller.enqueue(FILE.slice(start, start + bytes));
      controller.close();
    },
  });
  return partial(body, range, { "content-length": String(end - start) });
}

Deno.test("http source: resumes a connection where it was cut", () =>
  withFile(async (server) => {
    const waits: number[] = [];
    const source = await open(server, waits);
    let cuts = 0;
    server.answering = ({ range }) =>
      cuts++ === 3 ? undefined : cut(range, 700);
    assertEquals(await source.read(1000, 9000), FILE.slice(1000, 10_000));
    assertEquals(
      server.requests.slice(1).map(({ range }) => range),
      [[1000, 10_000], [1700, 10_000], [2400, 10_000], [3100, 10_000]],
    );
    // Each brought bytes: the waits do not grow.
    assertEquals(waits.map((ms) => ms <= 1000), [true, true, true]);
  }));

Deno.test("http source: a server that sends less at a time is asked for the rest", () =>
  withFile(async (server) => {
    const waits: number[] = [];
    const source = await open(server, waits);
    server.answering = ({ range }) => {
      const [start, end] = range ?? [0, 0];
      return answerOf(FILE, [start, Math.min(end, start + 4000)], HERE);
    };
    assertEquals(await source.read(1000, 9000), FILE.slice(1000, 10_000));
    assertEquals(server.requests.length, 4);
    assertEquals(waits, []);
  }));

Deno.test("http source: a file that changes while a cut is resumed is refused", () =>
  withFile(async (server) => {
    const source = await open(server);
    server.answering = ({ range }) => {
      server.headers = { etag: '"2"' };
      server.answering = () => undefined;
      return cut(range, 700);
    };
    await assertRejects(
      () => source.read(1000, 9000),
      ArchiveError,
      "has changed on the server",
    );
  }));

Deno.test("http source: a cut of the first answer is resumed, too", () =>
  withFile(async (server) => {
    const start = FILE.length - TAIL;
    server.answering = ({ range }, number) =>
      number > 1 ? undefined : cut(range, 5000);
    const source = await open(server);
    assertEquals(await source.read(start, TAIL), FILE.slice(start));
    assertEquals(itemAt(server.requests, 1).range, [start + 5000, FILE.length]);
  }));

Deno.test("http source: retries after 429 and 503, no sooner than the server asks", () =>
  withFile(async (server) => {
    const waits: number[] = [];
    server.answering = (_, number) =>
      [
        new Response("", { status: 429, headers: { "retry-after": "7" } }),
        new Response("", { status: 503 }),
      ][number - 1];
    const source = await open(server, waits);
    assertEquals(source.size, FILE.length);
    assertEquals(waits.length, 2);
    assert(itemAt(waits, 0) >= 7000);
  }));

Deno.test("http source: follows a redirect to a signed address for every range", () =>
  withFiles({ "bucket/file.bin": FILE }, async (server) => {
    server.answering = ({ path }) =>
      path !== "/file.bin" ? undefined : new Response("", {
        status: 302,
        headers: { location: "/bucket/file.bin?signature=s3cr3t" },
      });
    const source = await open(server);
    assertEquals(source.name, `${server.url}file.bin`);
    assertEquals(await source.read(7, 5), FILE.slice(7, 12));
    assertEquals(
      server.requests.map(({ path, search }) => path + search),
      Array(2).fill(["/file.bin", "/bucket/file.bin?signature=s3cr3t"]).flat(),
    );
    assertEquals(itemAt(server.requests, 3).range, [7, 12]);
  }));

Deno.test("http source: a signature reaches the server and no error", () =>
  withFile(async (server) => {
    const sender = new HttpSender({ transport: hasty() });
    const address = `${server.url}file.bin?signature=s3cr3t#part`;
    const source = await openHttpSource(address, { sender });
    assertEquals(itemAt(server.requests, 0).search, "?signature=s3cr3t");
    for (const status of [404, 403, 500, 200, 418]) {
      server.answering = () => new Response("", { status });
      const error = await assertRejects(() => source.read(0, 5));
      assert(!Deno.inspect(error).includes("s3cr3t"), Deno.inspect(error));
    }
  }));

Deno.test("http source: a signature is in no error of a dead server", async () => {
  const server = rangeServer({});
  const address = `${server.url}file.bin?signature=s3cr3t`;
  await server[Symbol.asyncDispose]();
  const sender = new HttpSender({ transport: hasty() });
  const error = await assertRejects(
    () => openHttpSource(address, { sender }),
    DownloadError,
    "Cannot reach the server",
  );
  assert(!Deno.inspect(error).includes("s3cr3t"), Deno.inspect(error));
});

Deno.test("http source: reads beyond 4 GiB", () => {
  const size = 5 * 2 ** 30 + 7;
  const at = (offset: number, length: number): Uint8Array =>
    new Uint8Array(length).map((_, i) => (offset + i) % 251);
  return withFiles({ "file.bin": { size, at } }, async (server) => {
    const source = await open(server);
    assertEquals(source.size, size);
    for (const offset of [2 ** 32 - 3, 2 ** 32 + 5, size - 6]) {
      assertEquals(await source.read(offset, 6), at(offset, 6));
    }
    assertEquals(itemAt(server.requests, 1).range, [2 ** 32 - 3, 2 ** 32 + 3]);
  });
});

Deno.test("http source: an abort during an answer closes the connection at once", () =>
  withFile(async (server) => {
    const source = await open(server);
    const begun = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    server.answering = ({ range }) => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(9)),
        cancel: () => closed.resolve(),
      });
      begun.resolve();
      return partial(body, range);
    };
    const leaving = new AbortController();
    const pending = source.read(1000, 9000, { signal: leaving.signal });
    await begun.promise;
    leaving.abort(new Error("left"));
    await assertRejects(() => pending, Error, "left");
    await closed.promise;
    assertEquals(server.requests.length, 2);
  }));

Deno.test("http source: an abort before the answer ends the request", async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const fetch = (_: URL, { signal }: RequestInit): Promise<Response> =>
    new Promise((_, reject) => {
      if (!signal) throw new Error("it cannot be left");
      signal.addEventListener("abort", () => reject(signal.reason));
      asked.resolve(signal);
    });
  const sender = new HttpSender({
    transport: { ...platformTransport, fetch },
  });
  const leaving = new AbortController();
  const { signal } = leaving;
  const pending = openHttpSource("http://a/b.zip", { sender, signal });
  const sent = await asked.promise;
  leaving.abort(new Error("left"));
  await assertRejects(() => pending, Error, "left");
  assert(sent.aborted);
});

Deno.test("http source: an aborted read sends no request", () =>
  withFile(async (server) => {
    const signal = AbortSignal.abort(new Error("left"));
    const source = await open(server);
    await assertRejects(() => source.read(0, 5, { signal }), Error, "left");
    const address = `${server.url}file.bin`;
    await assertRejects(
      () => openHttpSource(address, { sender: new HttpSender(), signal }),
      Error,
      "left",
    );
    assertEquals(server.requests.length, 1);
  }));

Deno.test("http source: two reads share a request, and one may leave it", () =>
  withFile(async (server) => {
    const source = await open(server);
    source.expect([
      { offset: 1000, length: 500 },
      { offset: 1500, length: 500 },
    ]);
    const leaving = new AbortController();
    const asked = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    server.answering = async () => {
      asked.resolve();
      await going.promise;
      return undefined;
    };
    const first = source.read(1000, 500, { signal: leaving.signal });
    const second = source.read(1500, 500);
    await asked.promise;
    leaving.abort(new Error("left"));
    await assertRejects(() => first, Error, "left");
    going.resolve();
    assertEquals(await second, FILE.slice(1500, 2000));
    assertEquals(server.requests.length, 2);
  }));

type Wrong =
  | { readonly kind: "fine" | "whole" | "changed" | "shifted" | "packed" }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "cut"; readonly after: number };

function wrongAnswer(
  wrong: Wrong,
  { range }: ServedRequest,
): Response | undefined {
  const [start, end] = range ?? [0, 0];
  switch (wrong.kind) {
    case "whole":
      return answerOf(FILE, null, HERE);
    case "changed":
      return answerOf(FILE.toReversed(), range, { etag: '"2"' });
    case "shifted":
      return answerOf(FILE, [Math.max(0, start - 1), end - 1], HERE);
    case "packed":
      return answerOf(FILE, range, { ...HERE, "content-encoding": "br, gzip" });
    case "status":
      return new Response("not now", { status: wrong.status });
    case "cut":
      return cut(range, Math.min(wrong.after, end - start));
  }
}

Deno.test("http source: any fault gives the right bytes or a typed error", async () => {
  const wrong: fc.Arbitrary<Wrong> = fc.oneof(
    fc.record({ kind: fc.constant("fine" as const) }),
    fc.record({ kind: fc.constant("cut" as const), after: fc.nat(70_000) }),
    fc.record({
      kind: fc.constant("status" as const),
      status: fc.constantFrom(403, 404, 416, 429, 500, 503),
    }),
    fc.record({
      kind: fc.constantFrom(
        "whole" as const,
        "changed" as const,
        "shifted" as const,
        "packed" as const,
      ),
    }),
  );
  let [right, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(wrong, { maxLength: 8 }), async (schedule) => {
      await using server = rangeServer({ "file.bin": FILE });
      server.answering = (request, number) =>
        wrongAnswer(schedule[number - 1] ?? { kind: "fine" }, request);
      try {
        const source = await open(server);
        for (const at of [0, 90_000, 180_000, FILE.length - TAIL]) {
          const bytes = await source.read(at, TAIL);
          assertEquals(bytes, FILE.slice(at, at + TAIL));
        }
        right++;
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        refused++;
      }
    }),
    { seed: 7, numRuns: 200 },
  );
  assert(right > 20 && refused > 20, `${right} right, ${refused} refused`);
});
