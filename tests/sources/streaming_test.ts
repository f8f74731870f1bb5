import { crc32 } from "node:zlib";
import {
  asari,
  crcnsAc1,
  crcnsAc1Pipeline,
  parallel,
  type Session,
  toDataset,
  toNdjson,
  type Waveform,
  wehr,
  wingert2026,
  wingert2026Cells,
  wingert2026Pipeline,
} from "rxephys";
import { writeSyntheticAc1 } from "rxephys/synthetic";
import { Uint8ArrayReader, ZipReader } from "@zip-js/zip-js";
import { lastValueFrom, type Observable, take, toArray } from "rxjs";
import {
  CredentialError,
  DataError,
  DataNotFoundError,
  UnsupportedError,
} from "../../src/errors.ts";
import { HttpSender } from "../../src/publishers/sender.ts";
import { openHttpZip } from "../../src/archive/zip/zip.ts";
import { openZip } from "../../src/archive/zip/zip.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { AC1_TINY, assertGolden } from "../support/golden/golden_ac1.ts";
import {
  assertGoldenWingert,
  WINGERT_SMALL,
} from "../support/golden/golden_wingert.ts";
import { ACCOUNT, fakeCrcns } from "../support/servers/fake_crcns.ts";
import {
  type RangeServer,
  rangeServer,
} from "../support/servers/range_server.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

const MAIN = "crcns-ac1.zip";
const ZIPS = [
  MAIN,
  "crcns-ac1-asari-results-1.zip",
  "crcns-ac1-asari-results-2.zip",
];
/** Files that the Wehr half needs: numbered stimuli, and trials. */
const WEHR_MEMBER =
  /^wehr\/(Stimuli\/[^/]+\/\d+\.mat|Results\/\d{4}[^/]*\/[^/]+\.mat)$/;
const GLOBAL = wingert2026Pipeline({ normalize: "global" });

function served(
  folder: string,
  names: readonly string[],
): Record<string, Uint8Array> {
  return Object.fromEntries(
    names.map((name) => [`data/${name}`, Deno.readFileSync(folder + name)]),
  );
}

async function withServer(
  files: Record<string, Uint8Array>,
  run: (server: RangeServer) => Promise<void>,
): Promise<void> {
  await using server = rangeServer(files);
  await run(server);
}

function withAc1(run: (server: RangeServer) => Promise<void>): Promise<void> {
  return withServer(served(AC1_TINY, ZIPS), run);
}

function withWingert(
  run: (server: RangeServer, folder: string) => Promise<void>,
): Promise<void> {
  const files = served(WINGERT_SMALL, ["cell_list.csv", "recordings.zip"]);
  return withServer(
    files,
    (server) => withFolder((folder) => run(server, folder)),
  );
}

async function withFolder<Result>(
  run: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await Deno.makeTempDir();
  try {
    return await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Every number of a stream of sessions, as text. */
function ndjsonOf(sessions: Observable<Session>): Promise<string> {
  return withFolder(async (folder) => {
    const path = `${folder}/all.ndjson`;
    await lastValueFrom(sessions.pipe(toNdjson(path)));
    return await Deno.readTextFile(path);
  });
}

/** Packed bytes of the members that a load of the Wehr half reads. */
async function neededBytes(zip: string): Promise<number> {
  const { members } = await openZip(zip);
  const wanted = members.filter(({ path }) => WEHR_MEMBER.test(path));
  assert(wanted.length > 0);
  return await packedBytes(zip, new Set(wanted.map(({ path }) => path)));
}

async function packedBytes(
  zip: string,
  paths: ReadonlySet<string>,
): Promise<number> {
  const reader = new ZipReader(new Uint8ArrayReader(await Deno.readFile(zip)));
  const entries = await reader.getEntries();
  return entries
    .filter(({ filename }) => paths.has(filename))
    .reduce((sum, { compressedSize }) => sum + compressedSize, 0);
}

/** CRC of all that a load reads: every stimulus once, and every trial. */
async function crcOf(sessions: Observable<Session>): Promise<number> {
  let crc = 0;
  const heard = new Set<string>();
  for (const session of await lastValueFrom(sessions.pipe(toArray()))) {
    for (const { stimulus, read } of await session.presentations()) {
      if (!heard.has(stimulus.key)) {
        heard.add(stimulus.key);
        const { samples } = await stimulus.read() as Waveform;
        add(samples);
      }
      for (const response of (await read()).responses) {
        response?.repeats.forEach(add);
      }
    }
  }
  assert(heard.size > 0);
  return crc;

  function add({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    crc = crc32(new Uint8Array(buffer, byteOffset, byteLength), crc);
  }
}

Deno.test("wehr: a small release takes 1.1 times its bytes, in two requests", () =>
  withAc1(async (server) => {
    const zip = AC1_TINY + MAIN;
    const address = new URL(`data/${MAIN}`, server.url);
    const near = await ndjsonOf(wehr(zip).pipe(crcnsAc1Pipeline()));
    const afar = await ndjsonOf(wehr(address).pipe(crcnsAc1Pipeline()));
    assert(near.length > 0 && near === afar, "the results differ");
    const needed = await neededBytes(zip);
    const { bytesAsked: asked, requests } = server;
    assert(asked <= 1.1 * needed, `${asked} bytes for ${needed}`);
    // One for the directory, and one for each 8 MB begun.
    assertEquals(requests.length, 1 + Math.ceil(needed / 8e6));
  }));

Deno.test("wehr: 30 MB take 1.1 times their bytes, 8 MB a request", () =>
  withFolder(async (folder) => {
    await writeSyntheticAc1(folder, { seed: 3, scale: 60 });
    const zip = `${folder}/${MAIN}`;
    const files = { [`data/${MAIN}`]: await Deno.readFile(zip) };
    await withServer(files, async (server) => {
      const near = await crcOf(wehr(zip));
      const afar = await crcOf(wehr(`${server.url}data/${MAIN}`));
      assertEquals(afar, near);
      const needed = await neededBytes(zip);
      const { bytesAsked: asked, requests: { length: requests } } = server;
      assert(asked <= 1.1 * needed, `${asked} bytes for ${needed}`);
      assert(needed / requests >= 8e6, `${requests} requests for ${needed}`);
    });
  }));

Deno.test("crcnsAc1: from the address of the folder of the zips", () =>
  withAc1(async ({ url }) => {
    const stream = crcnsAc1(`${url}data/`).pipe(
      crcnsAc1Pipeline(),
      toDataset(),
    );
    await assertGolden(await lastValueFrom(stream), "both");
  }));

Deno.test("asari: an absent zip is a missing part", () =>
  withServer(served(AC1_TINY, [MAIN]), async ({ url }) => {
    const error = await assertRejects(
      () => lastValueFrom(asari(`${url}data/?token=s3cr3t`)),
      DataNotFoundError,
      "expected asari-results-1/<session>/*.mat from crcns-ac1-asari-results-1",
    );
    assertEquals((error as DataError).archive, `${url}data/`);
  }));

Deno.test("wehr: an address where nothing is says what was expected", () =>
  withServer({}, async ({ url }) => {
    await assertRejects(
      () => lastValueFrom(wehr(`${url}data/`)),
      DataNotFoundError,
      `expected crcns-ac1.zip or the folder extracted from it`,
    );
    await assertRejects(
      () => lastValueFrom(wehr(`${url}data/${MAIN}`)),
      DataNotFoundError,
      `nothing is at the address (404), check the address (archive "${url}data/${MAIN}")`,
    );
  }));

Deno.test("wehr: parallel reads from an address, too", () =>
  withAc1(async ({ url }) => {
    const stream = wehr(`${url}data/${MAIN}`)
      .pipe(crcnsAc1Pipeline(), parallel({ workers: 2 }), toDataset());
    await assertGolden(await lastValueFrom(stream), "wehr");
  }));

Deno.test("wehr: no error, also of a worker, shows the query of a signed address", () =>
  withAc1(async (server) => {
    const address = `${server.url}data/${MAIN}?signature=s3cr3t`;
    for (const workers of [0, 2]) {
      server.answering = () => undefined;
      const sessions = wehr(address).pipe(crcnsAc1Pipeline());
      const all = workers === 0
        ? sessions
        : sessions.pipe(parallel({ workers }));
      const [session] = firstOf(
        1,
        await lastValueFrom(all.pipe(take(1), toArray())),
      );
      server.answering = () => new Response("", { status: 403 });
      const error = await assertRejects(
        () => session.presentations(),
        CredentialError,
        `the server refuses access (403)`,
      );
      const text = Deno.inspect(error, { depth: 9 });
      assert(!text.includes("s3cr3t"), text);
    }
  }));

Deno.test("wehr: leaving during an answer closes its connection", () =>
  withAc1(async (server) => {
    const begun = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    server.answering = ({ range }, number) => {
      if (number === 1 || range === null) return undefined;
      begun.resolve();
      const body = new ReadableStream({ cancel: () => closed.resolve() });
      const [start, end] = range;
      const size = Deno.statSync(AC1_TINY + MAIN).size;
      return new Response(body, {
        status: 206,
        headers: { "content-range": `bytes ${start}-${end - 1}/${size}` },
      });
    };
    const subscription = wehr(`${server.url}data/${MAIN}`)
      .pipe(crcnsAc1Pipeline(), toDataset())
      .subscribe();
    await begun.promise;
    subscription.unsubscribe();
    await closed.promise;
    assertEquals(server.requests.length, 2);
  }));

for (const data of ["https://me:word@a.org/x.zip", "https://me@a.org/x.zip"]) {
  Deno.test(`sources: refuse ${data} at the call, without repeating it`, () => {
    for (const source of [wehr, asari, crcnsAc1, wingert2026]) {
      const error = assertThrows(
        () => source(data),
        RangeError,
        "data holds a user name or a password, expected an address without",
      );
      assert(!String((error as Error).stack).includes("me:word"));
    }
  });
}

Deno.test("sources: refuse addresses of unknown kinds", async () => {
  await assertRejects(
    () => lastValueFrom(wehr("gs://bucket/crcns-ac1.zip?key=s3cr3t")),
    UnsupportedError,
    "Cannot stream from gs://, expected https://, http:// or s3://; download " +
      "the data",
  );
});

Deno.test("sources: a server without ranges is refused with a hint to download", () =>
  withAc1(async (server) => {
    server.answering = () => new Response(new Uint8Array(9));
    await assertRejects(
      () => lastValueFrom(wehr(`${server.url}data/${MAIN}`)),
      UnsupportedError,
      "download the file first (`download`) and stream it from disk",
    );
  }));

Deno.test("sources: refuse a malformed address at the call", () => {
  assertThrows(
    () => wehr("https://"),
    TypeError,
    "Cannot stream Wehr: data is https://, expected a URL",
  );
});

Deno.test("wingert2026: the dataset from an address equals NumPy's result", () =>
  withWingert(async ({ url }, indexFolder) => {
    const stream = wingert2026(`${url}data/recordings.zip`, { indexFolder })
      .pipe(GLOBAL, toDataset());
    await assertGoldenWingert(await lastValueFrom(stream), "small");
  }));

Deno.test("wingert2026: the second start reads no recording, one of another version does", () =>
  withWingert(async (server, indexFolder) => {
    const start = async (): Promise<number> => {
      const before = server.requests.length;
      const stream = wingert2026(`${server.url}data/`, { indexFolder });
      await lastValueFrom(stream.pipe(toArray()));
      return server.requests.slice(before)
        .filter(({ path }) => path.endsWith(".zip")).length;
    };
    const opening = 1;
    assert(await start() > opening);
    assertEquals(await start(), opening);
    server.headers = { etag: '"2"' };
    assert(await start() > opening);
    assertEquals(await start(), opening);
    server.headers = {};
    assert(await start() > opening);
    assert(await start() > opening);
  }));

Deno.test("wingert2026: the index holds nothing of what is behind `?`", () =>
  withWingert(async ({ url }, indexFolder) => {
    const data = `${url}data/recordings.zip?token=s3cr3t`;
    await lastValueFrom(wingert2026(data, { indexFolder }).pipe(toArray()));
    for await (const { name } of Deno.readDir(indexFolder)) {
      const text = await Deno.readTextFile(`${indexFolder}/${name}`);
      assert(text.includes(`${url}data/recordings.zip`));
      assert(!text.includes("s3cr3t"), text);
    }
  }));

Deno.test("wingert2026: addresses in Zenodo's form", async () => {
  const bytes = served(WINGERT_SMALL, ["cell_list.csv", "recordings.zip"]);
  const at = "api/records/18331549/files";
  const files = {
    [`${at}/cell_list.csv/content`]: itemAt(bytes, "data/cell_list.csv"),
    [`${at}/recordings.zip/content`]: itemAt(bytes, "data/recordings.zip"),
  };
  await withServer(files, ({ url }) =>
    withFolder(async (indexFolder) => {
      const data = `${url}${at}/recordings.zip/content`;
      assert((await wingert2026Cells(data, { area: "A1" })).length > 0);
      const stream = wingert2026(data, { area: "A1", indexFolder })
        .pipe(GLOBAL, toDataset());
      await assertGoldenWingert(await lastValueFrom(stream), "small.A1");
    }));
});

Deno.test("wingert2026: another cell list, by path or address", () =>
  withServer(
    served(WINGERT_SMALL, ["recordings.zip"]),
    ({ url }) =>
      withFolder(async (indexFolder) => {
        const data = `${url}data/recordings.zip`;
        await assertRejects(
          () => lastValueFrom(wingert2026(data, { indexFolder })),
          DataNotFoundError,
          `nothing is at the address (404), check the address (archive "${url}data/cell_list.csv")`,
        );
        const cellList = `${WINGERT_SMALL}cell_list.csv`;
        const stream = wingert2026(data, { indexFolder, cellList })
          .pipe(GLOBAL, toDataset());
        await assertGoldenWingert(await lastValueFrom(stream), "small");
      }),
  ));

Deno.test("wingert2026: parallel reads from an address, too", () =>
  withWingert(async ({ url }, indexFolder) => {
    const stream = wingert2026(`${url}data/`, { indexFolder })
      .pipe(parallel({ workers: 2 }), GLOBAL, toDataset());
    await assertGoldenWingert(await lastValueFrom(stream), "small");
  }));

Deno.test("CRCNS: its zips are read in one session, and again after it ended", async () => {
  const bytes = await Deno.readFile(AC1_TINY + MAIN);
  await using crcns = fakeCrcns({ [MAIN]: { bytes, etag: '"1"' } });
  const sender = new HttpSender({ hosts: crcns.hosts, credentials: ACCOUNT });
  const address = `${crcns.hosts.download}/ac-1/${MAIN}`;
  const { archive } = await openHttpZip(address, { sender });
  const near = await openZip(AC1_TINY + MAIN);
  await openHttpZip(address, { sender });
  assertEquals(crcns.log.of("/login_form").length, 1);
  crcns.forget();
  const [, { path }] = firstOf(2, near.members);
  assertEquals(await archive.read(path), await near.read(path));
  assertEquals(crcns.log.of("/login_form").length, 2);
  assertEquals(
    crcns.log.of(MAIN).map(({ url }) => url.search),
    Array(crcns.log.of(MAIN).length).fill("?agent=1"),
  );
});

Deno.test("CRCNS: a refused login is an error without the password", async () => {
  await using crcns = fakeCrcns({ [MAIN]: { bytes: new Uint8Array(9) } });
  const credentials = { ...ACCOUNT, password: "pa55w0rd" };
  const sender = new HttpSender({ hosts: crcns.hosts, credentials });
  const address = `${crcns.hosts.download}/ac-1/${MAIN}`;
  const error = await assertRejects(
    () => openHttpZip(address, { sender }),
    CredentialError,
    "Cannot log in to CRCNS",
  );
  const text = Deno.inspect(error, { depth: 9 });
  assert(!text.includes("pa55w0rd") && !text.includes(ACCOUNT.username), text);
});
