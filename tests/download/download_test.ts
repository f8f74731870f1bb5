import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import {
  download,
  type DownloadProgress,
} from "../../src/download/download.ts";
import {
  fetched,
  impatient,
  namesIn,
  randomBytes,
} from "../support/servers/downloads.ts";
import { ACCOUNT, fakeCrcns } from "../support/servers/fake_crcns.ts";
import type { FakeRequest, Fault } from "../support/servers/fake_files.ts";
import { fakeZenodo } from "../support/servers/fake_zenodo.ts";
import { md5Hex } from "../support/archives/md5_hex.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";

const ZIP = "crcns-ac1.zip";
const BYTES = randomBytes(200_000, 1);
const FILE = {
  bytes: BYTES,
  etag: '"one"',
  lastModified: "Mon, 01 Jun 2026 00:00:00 GMT",
};
const OTHER = { ...FILE, bytes: randomBytes(200_000, 2), etag: '"two"' };

/** Meets the requests for a file with one fault each, then with none. */
function inTurn(
  path: string,
  ...faults: Fault[]
): (request: FakeRequest) => Fault | undefined {
  return ({ url }) => url.pathname.endsWith(path) ? faults.shift() : undefined;
}

async function assertWhole(folder: string, name: string = ZIP): Promise<void> {
  assertEquals(namesIn(folder), [name]);
  assertEquals(md5Hex(await Deno.readFile(`${folder}/${name}`)), md5Hex(BYTES));
}

for (const login of ["shared", "own"] as const) {
  Deno.test(`download: from CRCNS by its ${login} login`, () =>
    inFolder(async (folder) => {
      await using crcns = fakeCrcns({ [ZIP]: FILE }, { login });
      const dir = `${folder}/new/folder`;
      const files = await fetched({ dir, crcns });
      await assertWhole(dir);
      assertEquals(files, [{
        name: ZIP,
        path: `${dir}/${ZIP}`,
        bytes: 200_000,
        md5: md5Hex(BYTES),
        wasThere: false,
      }]);
      const form = itemAt(crcns.log.of("/login_form"), 0);
      assertEquals(Object.fromEntries(new URLSearchParams(form.body)), {
        "form.submitted": "1",
        js_enabled: "0",
        pwd_empty: "0",
        came_from: "",
        cookies_enabled: "",
        login_name: "",
        __ac_name: ACCOUNT.username,
        __ac_password: ACCOUNT.password,
        submit: "Log in",
      });
      const own = crcns.log.of("/ac-1").filter(({ method }) =>
        method === "POST"
      );
      assertEquals(own.length, login === "own" ? 1 : 0);
      assertEquals(itemAt(crcns.log.of(ZIP), 0).url.search, "?agent=1");
    }));
}

Deno.test("download: from Zenodo, several files, in the order asked", () =>
  inFolder(async (dir) => {
    const list = { bytes: randomBytes(500, 3) };
    await using zenodo = fakeZenodo({
      "wav.zip": OTHER,
      "recordings.zip": FILE,
      "cell_list.csv": list,
    });
    const files = ["cell_list.csv", "recordings.zip"];
    const got = await fetched({ dir, zenodo, files, concurrency: 2 });
    assertEquals(got.map(({ name }) => name), files);
    assertEquals(namesIn(dir), files);
    assertEquals(await Deno.readFile(`${dir}/cell_list.csv`), list.bytes);
    assertEquals(zenodo.log.of("wav.zip/content"), []);
  }));

Deno.test("download: an empty file", () =>
  inFolder(async (dir) => {
    await using zenodo = fakeZenodo({
      "cell_list.csv": { bytes: new Uint8Array() },
    });
    await fetched({ dir, zenodo, files: ["cell_list.csv"] });
    assertEquals(namesIn(dir), ["cell_list.csv"]);
  }));

Deno.test("download: a right file on disk stays, a wrong one is replaced", () =>
  inFolder(async (dir) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    await Deno.writeFile(`${dir}/${ZIP}`, OTHER.bytes);
    const [first] = await fetched({ dir, crcns });
    assertEquals(first?.wasThere, false);
    await assertWhole(dir);
    const { mtime } = await Deno.stat(dir);
    const [second] = await fetched({ dir, crcns });
    assertEquals(second?.wasThere, true);
    // The second call created no file, not even a lock.
    assertEquals((await Deno.stat(dir)).mtime, mtime);
    assertEquals(crcns.log.of(ZIP).length, 1);
  }));

Deno.test("download: resumes a cut connection at the byte it reached", () =>
  inFolder(async (dir) => {
    const fault = inTurn(ZIP, { kind: "cut", after: 70_000 });
    await using crcns = fakeCrcns({ [ZIP]: FILE }, { fault });
    await fetched({ dir, crcns });
    await assertWhole(dir);
    const second = itemAt(crcns.log.of(ZIP), 1);
    const from = Number(
      /^bytes=(\d+)-$/.exec(second.headers.get("range") ?? "")?.[1],
    );
    assert(from > 0 && from <= 70_000, `resumed at ${from}`);
    assertEquals(second.headers.get("if-range"), '"one"');
    assertEquals(crcns.log.bytesSent >= 200_000, true);
    assert(crcns.log.bytesSent < 280_000, "the start was not sent again");
  }));

/** Writes a part of the file, as a killed process leaves it. */
async function leavePart(dir: string, bytes: number): Promise<void> {
  const fault = inTurn(ZIP, { kind: "stall", after: bytes });
  await using crcns = fakeCrcns({ [ZIP]: FILE }, { fault });
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const onProgress = ({ bytesFetched }: DownloadProgress): void => {
    if (bytesFetched === bytes) resolve();
  };
  const { signal } = controller;
  const pending = fetched({ dir, crcns, signal, onProgress });
  await promise;
  controller.abort(new Error("enough"));
  const error = await pending.catch((error) => error);
  assertEquals(error.message, "enough");
  assertEquals(namesIn(dir), [`${ZIP}.part`, `${ZIP}.part.json`]);
}

Deno.test("download: the next call resumes a part", () =>
  inFolder(async (dir) => {
    await leavePart(dir, 50_000);
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    const reports: DownloadProgress[] = [];
    const onProgress = reports.push.bind(reports);
    await fetched({ dir, crcns, onProgress });
    await assertWhole(dir);
    const { headers } = itemAt(crcns.log.of(ZIP), 0);
    assertEquals(headers.get("range"), "bytes=50000-");
    assertEquals(reports.at(-1)?.bytesFetched, 150_000);
  }));

Deno.test("download: a part without a note starts again", () =>
  inFolder(async (dir) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    for (const note of [null, "{", "null", '{"bytes":200000,"md5":"x"}']) {
      await Deno.writeFile(`${dir}/${ZIP}.part`, OTHER.bytes.subarray(9));
      if (note) await Deno.writeTextFile(`${dir}/${ZIP}.part.json`, note);
      await fetched({ dir, crcns });
      await assertWhole(dir);
      assertEquals(crcns.log.of(ZIP).at(-1)?.headers.has("range"), false);
      await Deno.remove(`${dir}/${ZIP}`);
    }
  }));

Deno.test("download: a whole part is only renamed", () =>
  inFolder(async (dir) => {
    await leavePart(dir, 200_000);
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    await fetched({ dir, crcns });
    await assertWhole(dir);
    assertEquals(crcns.log.of(ZIP), []);
  }));

const CHANGES: Readonly<Record<string, Fault[]>> = {
  "that honours If-Range": [],
  "that ignores If-Range": [{ kind: "noIfRange" }],
  "without Range": [{ kind: "noRange" }],
};

for (const [server, faults] of Object.entries(CHANGES)) {
  Deno.test(`download: a changed file starts again, at a server ${server}`, () =>
    inFolder(async (dir) => {
      await leavePart(dir, 50_000);
      const fault = inTurn(ZIP, ...faults);
      // Size and listed sum are the same; only the tag differs.
      const old = await Deno.readTextFile(`${dir}/${ZIP}.part.json`);
      await Deno.writeTextFile(
        `${dir}/${ZIP}.part.json`,
        old.replace("one", "zero"),
      );
      await Deno.writeFile(`${dir}/${ZIP}.part`, OTHER.bytes.slice(0, 50_000));
      await using crcns = fakeCrcns({ [ZIP]: FILE }, { fault });
      await fetched({ dir, crcns });
      await assertWhole(dir);
      assertEquals(
        crcns.log.of(ZIP).map(({ headers }) => headers.get("range")),
        server === "that ignores If-Range"
          ? ["bytes=50000-", null]
          : ["bytes=50000-"],
      );
    }));
}

Deno.test("download: the sum finds a part of another version", () =>
  inFolder(async (dir) => {
    await leavePart(dir, 50_000);
    await Deno.writeFile(`${dir}/${ZIP}.part`, OTHER.bytes.slice(0, 50_000));
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    await fetched({ dir, crcns });
    await assertWhole(dir);
    assertEquals(
      crcns.log.of(ZIP).map(({ headers }) => headers.get("range")),
      ["bytes=50000-", null],
    );
  }));

Deno.test("download: without tags the date identifies the version", () =>
  inFolder(async (dir) => {
    const { lastModified } = FILE;
    const fault = inTurn(ZIP, { kind: "cut", after: 70_000 });
    await using crcns = fakeCrcns(
      { [ZIP]: { bytes: BYTES, lastModified, etag: 'W/"weak"' } },
      { fault },
    );
    await fetched({ dir, crcns });
    await assertWhole(dir);
    const second = itemAt(crcns.log.of(ZIP), 1);
    assertEquals(second.headers.get("if-range"), lastModified);
  }));

Deno.test("download: runs as many downloads at a time as asked for", () =>
  inFolder(async (dir) => {
    const names = ["crcns-ac1.zip", "a.zip", "b.zip", "c.zip"];
    const { promise, resolve } = Promise.withResolvers<void>();
    const asked: string[] = [];
    const fault = ({ url }: FakeRequest): Fault | undefined => {
      const name = url.pathname.split("/").at(-1) ?? "";
      if (!name.endsWith(".zip")) return undefined;
      asked.push(name);
      if (asked.length === 3) resolve();
      return asked.length > 3 ? undefined : { kind: "slow", until: promise };
    };
    await using crcns = fakeCrcns(
      Object.fromEntries(names.map((name) => [name, FILE])),
      { fault },
    );
    const reports: DownloadProgress[] = [];
    await fetched({
      dir,
      crcns,
      files: names,
      concurrency: 3,
      onProgress: reports.push.bind(reports),
    });
    assertEquals(asked.length, 4);
    assertEquals(namesIn(dir), [...names].sort());
    const last = itemAt(reports, reports.length - 1);
    const { filesDone, filesTotal, bytesDone, bytesTotal } = last;
    assertEquals([filesDone, filesTotal], [4, 4]);
    assertEquals([bytesDone, bytesTotal], [800_000, 800_000]);
  }));

Deno.test("download: progress never exceeds the size", () =>
  inFolder(async (dir) => {
    const fault = inTurn(
      ZIP,
      { kind: "cut", after: 70_000 },
      { kind: "noRange" },
    );
    await using crcns = fakeCrcns({ [ZIP]: FILE }, { fault });
    const reports: DownloadProgress[] = [];
    await fetched({ dir, crcns, onProgress: reports.push.bind(reports) });
    assertEquals(
      reports.map(({ state }) => state).filter((s, i, all) => s !== all[i - 1]),
      ["checking", "downloading", "done"],
    );
    assert(reports.every(({ bytesDone }) => bytesDone <= 200_000));
    const last = itemAt(reports, reports.length - 1);
    assertEquals(last.bytesDone, 200_000);
    assert(last.bytesFetched > 200_000, "the start came twice");
  }));

Deno.test("download: rejects with the error that a listener throws", () =>
  inFolder(async (dir) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    const waits: number[] = [];
    const error = await fetched({
      dir,
      crcns,
      transport: impatient(waits),
      onProgress: ({ bytesFetched }) => {
        if (bytesFetched > 0) throw new TypeError("mine");
      },
    }).catch((error) => error);
    assertEquals(error.message, "mine");
    assertEquals(waits, []);
  }));

Deno.test("download: the sounds of Wingert 2026 are a file of its own", () =>
  inFolder(async (dir) => {
    const reason = new Error("left");
    const signal = AbortSignal.abort(reason);
    await assertRejects(
      () => download("wingert2026", { dir, files: ["wav.zip"], signal }),
      Error,
      "left",
    );
  }));

Deno.test("download: an error about an address as folder shows the host alone", async () => {
  const address = "https://me:secret@x.org/data/?token=secret";
  const message = (name: string): string =>
    `Cannot download: ${name} is https://x.org, expected the path of a folder`;
  const error = assertThrows(
    () => download("wingert2026", { dir: address }),
    TypeError,
  );
  assertEquals(error.message, message("dir"));
  const before = Deno.env.get("WINGERT2026_DATA");
  Deno.env.set("WINGERT2026_DATA", address);
  try {
    const error = await assertRejects(() => download("wingert2026"), TypeError);
    assertEquals(error.message, message("WINGERT2026_DATA"));
  } finally {
    if (before === undefined) Deno.env.delete("WINGERT2026_DATA");
    else Deno.env.set("WINGERT2026_DATA", before);
  }
});

type Refusal = readonly [string, unknown, typeof RangeError, string];

const REFUSALS: readonly Refusal[] = [
  ["ac1", {}, RangeError, "dataset is ac1, expected crcns-ac1 or wingert2026"],
  ["toString", {}, RangeError, "dataset is toString, expected crcns-ac1"],
  ["wingert2026", { files: ["models.zip"] }, RangeError, "files is models.zip"],
  [
    "wingert2026",
    { files: [] },
    RangeError,
    "files is empty, expected some of",
  ],
  [
    "wingert2026",
    { files: ["cell_list.csv", "cell_list.csv"] },
    RangeError,
    "files is cell_list.csv, expected some of cell_list.csv, recordings.zip",
  ],
  ["wingert2026", { files: "x.csv" }, TypeError, "files is x.csv, expected"],
  ["wingert2026", { concurrency: 0 }, RangeError, "concurrency is 0, expected"],
  ["wingert2026", { concurrency: 1.5 }, RangeError, "a whole number"],
  [
    "wingert2026",
    { concurency: 1 },
    RangeError,
    "there is no option concurency, expected concurrency",
  ],
  ["wingert2026", 5, TypeError, "options is 5, expected an object"],
  ["wingert2026", { dir: 7 }, TypeError, "dir is 7, expected the path"],
  ["wingert2026", { dir: "https://x.org" }, TypeError, "dir is https://x.org"],
  [
    "crcns-ac1",
    { credentials: { username: "someone" } },
    TypeError,
    "credentials is something else, expected { username, password }",
  ],
  [
    "crcns-ac1",
    { credentials: { username: "", password: "something" } },
    TypeError,
    "both texts that are not empty",
  ],
];

for (const [dataset, options, Kind, message] of REFUSALS) {
  Deno.test(`download: refuses when called: ${message}`, () => {
    assertThrows(
      () => download(dataset as "crcns-ac1", options as { dir: string }),
      Kind,
      message,
    );
  });
}
