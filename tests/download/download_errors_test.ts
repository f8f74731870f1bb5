import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import {
  ArchiveError,
  CredentialError,
  DataNotFoundError,
  DownloadError,
  OutputError,
} from "../../src/errors.ts";
import {
  download,
  type DownloadProgress,
} from "../../src/download/download.ts";
import {
  fetched,
  impatient,
  mulberry,
  namesIn,
  randomBytes,
} from "../support/servers/downloads.ts";
import {
  checksums,
  fakeCrcns,
  fileList,
  LOGIN_PAGE,
  textFile,
} from "../support/servers/fake_crcns.ts";
import type { FakeRequest, Fault } from "../support/servers/fake_files.ts";
import { fakeZenodo } from "../support/servers/fake_zenodo.ts";
import { inFolder } from "../support/in_folder.ts";

const ZIP = "crcns-ac1.zip";
const BYTES = randomBytes(100_000, 1);
const FILE = { bytes: BYTES, etag: '"one"' };

/** Meets every request whose path ends with a suffix with one fault. */
function always(
  path: string,
  fault: Fault,
): (request: FakeRequest) => Fault | undefined {
  return ({ url }) => url.pathname.endsWith(path) ? fault : undefined;
}

Deno.test("download: without a user name nothing is sent", async () => {
  const before = Deno.env.get("CRCNS_USERNAME");
  Deno.env.delete("CRCNS_USERNAME");
  try {
    await assertRejects(
      () => download("crcns-ac1", { dir: "never-made" }),
      CredentialError,
      "CRCNS_USERNAME is not set, expected that of a free account " +
        "(https://crcns.org/request-account)",
    );
  } finally {
    if (before !== undefined) Deno.env.set("CRCNS_USERNAME", before);
  }
});

Deno.test("download: a wrong password is refused after both forms, once", () =>
  inFolder(async (folder) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    const credentials = { username: "ferret", password: "guessed" };
    const dir = `${folder}/data`;
    await assertRejects(
      () => fetched({ dir, crcns, credentials }),
      CredentialError,
      "the session is refused, expected the user name and password of an " +
        "account that https://crcns.org lets in (CRCNS_USERNAME, " +
        "CRCNS_PASSWORD)",
    );
    const posts = crcns.log.requests.filter(({ method }) => method === "POST");
    assertEquals(posts.map(({ url }) => url.pathname), [
      "/login_form",
      "/ac-1",
    ]);
    assertEquals(namesIn(folder), []);
  }));

Deno.test("download: the second form logs in while crcns.org is down", () =>
  inFolder(async (dir) => {
    const down = ({ url }: FakeRequest): Response | undefined =>
      url.pathname === "/login_form"
        ? new Response(null, { status: 503 })
        : undefined;
    await using crcns = fakeCrcns({ [ZIP]: FILE }, { answer: down });
    await fetched({ dir, crcns });
    assertEquals(await Deno.readFile(`${dir}/${ZIP}`), BYTES);
    assertEquals(crcns.log.of("/login_form").length, 6);
    // If the other form fails too, the password is not the cause.
    const credentials = { username: "ferret", password: "guessed" };
    await assertRejects(
      () => fetched({ dir, crcns, credentials }),
      DownloadError,
      "it is out of order (503), try again later",
    );
  }));

Deno.test("download: a session that ends is renewed once", () =>
  inFolder(async (dir) => {
    let forgets = 1;
    await using crcns = fakeCrcns({ [ZIP]: FILE }, {
      answer: ({ url }) => {
        if (url.pathname.endsWith(ZIP) && forgets-- > 0) crcns.forget();
        return undefined;
      },
    });
    await fetched({ dir, crcns });
    assertEquals(await Deno.readFile(`${dir}/${ZIP}`), BYTES);
    assertEquals(crcns.log.of("/login_form").length, 2);

    forgets = Infinity;
    await Deno.remove(`${dir}/${ZIP}`);
    await assertRejects(() => fetched({ dir, crcns }), CredentialError);
    assertEquals(namesIn(dir), []);
    assertEquals(crcns.log.of("/login_form").length, 4);
  }));

const PAGES: Readonly<Record<string, Fault>> = {
  "a web page": { kind: "page", html: "<html>Down for repairs</html>" },
  "one that says it is a file": {
    kind: "page",
    html: LOGIN_PAGE,
    type: "application/zip",
  },
};

for (const [what, fault] of Object.entries(PAGES)) {
  Deno.test(`download: ${what} is never saved as the file`, () =>
    inFolder(async (dir) => {
      await using crcns = fakeCrcns({ [ZIP]: FILE }, {
        fault: always(ZIP, fault),
      });
      await using zenodo = fakeZenodo({ "recordings.zip": FILE }, {
        fault: always("/content", fault),
      });
      for (const server of [{ crcns }, { zenodo }]) {
        const error = await assertRejects(
          () => fetched({ dir, ...server }),
          DownloadError,
          "a web page comes in the place of the file, open the address in a " +
            "browser to read what it says",
        );
        assert(error.archive?.startsWith("http://127.0.0.1"));
        assertEquals(namesIn(dir), []);
      }
    }));
}

Deno.test("download: a web page in the place of a list is refused", () =>
  inFolder(async (dir) => {
    const page = { kind: "page", html: "<html>", type: "text/plain" } as const;
    await using crcns = fakeCrcns({ [ZIP]: FILE }, {
      fault: always("checksums.md5", page),
    });
    await assertRejects(
      () => fetched({ dir, crcns }),
      DownloadError,
      "web page",
    );
  }));

const STATUSES = [
  [404, DataNotFoundError, "nothing is at the address (404), look"],
  [410, DataNotFoundError, "nothing is at the address (410), look"],
  [403, CredentialError, "the server refuses access (403), check in a browser"],
  [418, DownloadError, "the server answers 418, expected 200; try again later"],
  [503, DownloadError, "it is out of order (503), try again later"],
  [429, DownloadError, "it is asked too often (429), try again later"],
] as const;

for (const [status, Kind, message] of STATUSES) {
  Deno.test(`download: status ${status} says what to do`, () =>
    inFolder(async (dir) => {
      const fault = always("/content", { kind: "status", status });
      await using zenodo = fakeZenodo({ "recordings.zip": FILE }, { fault });
      await assertRejects(() => fetched({ dir, zenodo }), Kind, message);
      assertEquals(namesIn(dir), []);
      const tries = status === 429 || status === 503 ? 6 : 1;
      assertEquals(zenodo.log.of("/content").length, tries);
    }));
}

Deno.test("download: CRCNS without the data set, or the file", () =>
  inFolder(async (dir) => {
    await using crcns = fakeCrcns({}, {
      answer: ({ url }) =>
        url.pathname === "/ac-1"
          ? new Response(null, { status: 404 })
          : undefined,
    });
    await assertRejects(() => fetched({ dir, crcns }), DataNotFoundError);
    await using empty = fakeCrcns({}, {});
    await assertRejects(
      () => fetched({ dir, crcns: empty }),
      DownloadError,
      'the list of files has no whole line for "crcns-ac1.zip"',
    );
  }));

Deno.test("download: a wrong sum is an error and leaves no file", () =>
  inFolder(async (dir) => {
    const fault = always(ZIP, { kind: "flip", at: 5 });
    await using crcns = fakeCrcns({ [ZIP]: FILE }, { fault });
    await Deno.writeTextFile(`${dir}/${ZIP}`, "what was there before");
    await assertRejects(
      () => fetched({ dir, crcns }),
      ArchiveError,
      "the MD5 of what arrives is not the one listed",
    );
    assertEquals(namesIn(dir), [ZIP]);
    assertEquals(
      await Deno.readTextFile(`${dir}/${ZIP}`),
      "what was there before",
    );
    assertEquals(crcns.log.of(ZIP).length, 1);
  }));

Deno.test("download: a wrong sum after a cut is fetched once more, not for ever", () =>
  inFolder(async (dir) => {
    let asked = 0;
    await using crcns = fakeCrcns(
      { [ZIP]: FILE, "checksums.md5": textFile(`${"0".repeat(32)}  ${ZIP}\n`) },
      {
        fault: ({ url }) =>
          url.pathname.endsWith(ZIP) && asked++ % 2 === 0
            ? { kind: "cut", after: 40_000 }
            : undefined,
      },
    );
    await assertRejects(() => fetched({ dir, crcns }), ArchiveError, "MD5");
    assertEquals(crcns.log.of(ZIP).length, 4);
    assertEquals(namesIn(dir), []);
  }));

const LENGTHS: Readonly<Record<string, readonly [Fault, string]>> = {
  short: [{ kind: "short", after: 60_000 }, "60000 bytes arrive, 100000 are"],
  long: [{ kind: "long", by: 5 }, "100005 bytes arrive, 100000 are listed"],
};

for (const [what, [fault, message]] of Object.entries(LENGTHS)) {
  Deno.test(`download: a file that is too ${what} every time`, () =>
    inFolder(async (dir) => {
      await using zenodo = fakeZenodo({ "recordings.zip": FILE }, {
        fault: (request) =>
          request.url.pathname.endsWith("/content")
            ? (request.headers.has("range") ? { kind: "noRange" } : fault)
            : undefined,
      });
      if (what === "long") {
        await assertRejects(
          () => fetched({ dir, zenodo }),
          ArchiveError,
          message,
        );
        assertEquals(namesIn(dir), []);
      } else {
        // The next response completes a short one.
        await fetched({ dir, zenodo });
        assertEquals(await Deno.readFile(`${dir}/recordings.zip`), BYTES);
      }
    }));
}

Deno.test("download: fails after six responses without new bytes", () =>
  inFolder(async (dir) => {
    const bytes = BYTES.subarray(0, 60_000);
    await using crcns = fakeCrcns({
      [ZIP]: { bytes },
      "filelist.txt": textFile(fileList(new Map([[ZIP, FILE]]))),
    });
    await assertRejects(
      () => fetched({ dir, crcns }),
      ArchiveError,
      "60000 bytes arrive, 100000 are listed; try again later",
    );
    assertEquals(crcns.log.of(ZIP).length, 6);
  }));

Deno.test("download: a truncated list of sums is refused", () =>
  inFolder(async (dir) => {
    const whole = checksums(new Map([[ZIP, FILE]]));
    for (const length of [0, 20, 31, 33, 34, 38, whole.length - 2]) {
      await using crcns = fakeCrcns({
        [ZIP]: FILE,
        "checksums.md5": textFile(whole.slice(0, length)),
      });
      await assertRejects(
        () => fetched({ dir, crcns }),
        DownloadError,
        "has no whole line for",
      );
      assertEquals(crcns.log.of(ZIP), [], `cut at ${length}`);
    }
  }));

Deno.test("download: a list of sizes that ends inside a number is refused", () =>
  inFolder(async (dir) => {
    const whole = fileList(new Map([[ZIP, FILE]]));
    const inNumber = whole.indexOf("100000") + 3;
    for (const length of [inNumber, inNumber + 3, whole.length - 3]) {
      await using crcns = fakeCrcns({
        [ZIP]: FILE,
        "filelist.txt": textFile(whole.slice(0, length)),
      });
      await assertRejects(() => fetched({ dir, crcns }), DownloadError, "line");
    }
  }));

Deno.test("download: lists of many blanks are read in no time", () =>
  inFolder(async (dir) => {
    const blanks = " ".repeat(50_000);
    const lines = [
      `${blanks}x`,
      `a${blanks}b`,
      `a${blanks}\t${blanks}1${blanks}(`,
      `${"0".repeat(32)}${blanks}a${blanks}b`,
      "",
    ].join("\n");
    const listed = new Map([[ZIP, FILE]]);
    await using crcns = fakeCrcns({
      [ZIP]: FILE,
      "filelist.txt": textFile(lines + fileList(listed)),
      "checksums.md5": textFile(lines + checksums(listed)),
    });
    const start = performance.now();
    await fetched({ dir, crcns });
    const ms = performance.now() - start;
    assert(ms < 5000, `${ms} ms`);
  }));

const RECORDS: readonly (readonly [unknown, typeof DownloadError, string])[] = [
  [[], DownloadError, "it names no files"],
  [{ files: [1] }, DownloadError, "it names no files"],
  [{ files: [] }, DataNotFoundError, 'the record has no "recordings.zip"'],
  [
    { files: [{ key: "recordings.zip", size: 1.5 }] },
    DownloadError,
    'size or md5 of "recordings.zip" is missing',
  ],
  [
    {
      files: [{
        key: "recordings.zip",
        size: 1,
        checksum: { toString: 1, valueOf: 1 },
      }],
    },
    DownloadError,
    'size or md5 of "recordings.zip" is missing',
  ],
  [
    { files: [{ key: "recordings.zip", size: 1, checksum: "sha1:00" }] },
    DownloadError,
    'size or md5 of "recordings.zip" is missing',
  ],
];

for (const [record, Kind, message] of RECORDS) {
  Deno.test(`download: refuses the record ${JSON.stringify(record)}`, () =>
    inFolder(async (dir) => {
      await using zenodo = fakeZenodo({}, { record });
      await assertRejects(() => fetched({ dir, zenodo }), Kind, message);
    }));
}

Deno.test("download: waits after lost connections grow, with jitter", () =>
  inFolder(async (dir) => {
    const waits: number[] = [];
    const fault = always("/content", { kind: "status", status: 502 });
    await using zenodo = fakeZenodo({ "recordings.zip": FILE }, { fault });
    const transport = impatient(waits, mulberry(7));
    await assertRejects(
      () => fetched({ dir, zenodo, transport }),
      DownloadError,
    );
    assertEquals(waits.length, 5);
    for (const [i, ms] of waits.entries()) {
      const full = 1000 * 2 ** i;
      assert(ms >= full / 2 && ms < full, `wait ${i} is ${ms} ms`);
    }
    assert(new Set(waits.map((ms, i) => ms / 2 ** i)).size === 5, "jitter");
  }));

Deno.test("download: waits for Retry-After, in seconds or until a date", () =>
  inFolder(async (dir) => {
    const now = Date.parse("Sat, 21 Nov 2026 10:00:00 GMT");
    const asks = ["7", "Sat, 21 Nov 2026 10:01:30 GMT", "soon"];
    const waits: number[] = [];
    await using zenodo = fakeZenodo({ "recordings.zip": FILE }, {
      fault: ({ url }) => {
        if (!url.pathname.endsWith("/content")) return undefined;
        const retryAfter = asks.shift();
        return retryAfter
          ? { kind: "status", status: 429, retryAfter }
          : undefined;
      },
    });
    const transport = { ...impatient(waits, () => 0), now: () => now };
    await fetched({ dir, zenodo, transport });
    assertEquals(waits, [7500, 91_000, 2000]);
  }));

Deno.test("download: fails if Retry-After is hours", () =>
  inFolder(async (dir) => {
    const waits: number[] = [];
    const status = { kind: "status", status: 429, retryAfter: "7200" } as const;
    const fault = always("/content", status);
    await using zenodo = fakeZenodo({ "recordings.zip": FILE }, { fault });
    await assertRejects(
      () => fetched({ dir, zenodo, transport: impatient(waits) }),
      DownloadError,
      "(429)",
    );
    assertEquals(waits, []);
  }));

for (const kind of ["slow", "stall"] as const) {
  Deno.test(`download: a response that is ${kind} times out`, () =>
    inFolder(async (dir) => {
      const { promise: until, resolve } = Promise.withResolvers<void>();
      const faults: Fault[] = [
        kind === "slow" ? { kind, until } : { kind, after: 40_000 },
      ];
      await using zenodo = fakeZenodo({ "recordings.zip": FILE }, {
        fault: ({ url }) =>
          url.pathname.endsWith("/content") ? faults.shift() : undefined,
      });
      const transport = {
        ...impatient(),
        answerTimeoutMs: kind === "slow" ? 1000 : 60_000,
        idleTimeoutMs: kind === "stall" ? 1000 : 60_000,
      };
      await fetched({ dir, zenodo, transport });
      assertEquals(await Deno.readFile(`${dir}/recordings.zip`), BYTES);
      assertEquals(zenodo.log.of("/content").length, 2);
      resolve();
    }));
}

Deno.test("download: a port without a server", () =>
  inFolder(async (dir) => {
    const gone = fakeZenodo({});
    await gone[Symbol.asyncDispose]();
    const error = await assertRejects(
      () => fetched({ dir, zenodo: gone }),
      DownloadError,
      "Cannot reach the server: tcp connect error",
    );
    assert(error.message.includes("18331549"), "names what was asked for");
  }));

for (const suffix of [".part", ".part.json", ".lock"]) {
  Deno.test(`download: a planted link at ${suffix} is never written through`, {
    ignore: Deno.build.os === "windows",
  }, () =>
    inFolder(async (folder) => {
      await using crcns = fakeCrcns({ [ZIP]: FILE });
      const [dir, target] = [`${folder}/data`, `${folder}/outside`];
      await Deno.mkdir(dir);
      await Deno.writeTextFile(target, "mine");
      await Deno.symlink(target, `${dir}/${ZIP}${suffix}`);
      const error = await fetched({ dir, crcns }).then(
        () => null,
        (error) => error,
      );
      assertEquals(await Deno.readTextFile(target), "mine");
      if (suffix === ".part.json") {
        // A new note takes the place of the link.
        assertEquals(error, null);
        assertEquals(namesIn(dir), [ZIP]);
        return;
      }
      assert(error instanceof OutputError);
      assertEquals(
        error.message,
        "Cannot write file: it is a link, expected a file (file " +
          `"${dir}/${ZIP}${suffix}")`,
      );
      assertEquals(namesIn(dir), [`${ZIP}${suffix}`]);
    }));
}

Deno.test("download: a pipe at one of its own names does not block", {
  ignore: Deno.build.os === "windows",
}, () =>
  inFolder(async (dir) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    const pipe = async (suffix: string): Promise<void> => {
      const args = [`${dir}/${ZIP}${suffix}`];
      await new Deno.Command("mkfifo", { args }).output();
    };
    for (const suffix of [".lock", ".part", ""]) {
      await pipe(suffix);
      await assertRejects(() => fetched({ dir, crcns }), OutputError, "Cannot");
      assertEquals(namesIn(dir), [`${ZIP}${suffix}`]);
      await Deno.remove(`${dir}/${ZIP}${suffix}`);
    }
    await Deno.writeFile(`${dir}/${ZIP}.part`, FILE.bytes.subarray(0, 100));
    await pipe(".part.json");
    await fetched({ dir, crcns });
    assertEquals(namesIn(dir), [ZIP]);
  }));

Deno.test("download: a folder that cannot be created", () =>
  inFolder(async (folder) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    await Deno.writeTextFile(`${folder}/file`, "");
    await assertRejects(
      () => fetched({ dir: `${folder}/file/data`, crcns }),
      OutputError,
      "Cannot make the folder",
    );
  }));

Deno.test("download: a folder in the place of the file", () =>
  inFolder(async (dir) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    await Deno.mkdir(`${dir}/${ZIP}`);
    const error = await assertRejects(
      () => fetched({ dir, crcns }),
      OutputError,
      "Cannot download: a folder is in the place of the file; move it or " +
        `choose another folder (file "${dir}/${ZIP}")`,
    );
    assertEquals(error.path, `${dir}/${ZIP}`);
    assertEquals(crcns.log.of(ZIP), [], "nothing was fetched");
  }));

Deno.test("download: a link to itself in the place of the file", {
  ignore: Deno.build.os === "windows",
}, () =>
  inFolder(async (dir) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE });
    await Deno.symlink(ZIP, `${dir}/${ZIP}`);
    await assertRejects(
      () => fetched({ dir, crcns }),
      OutputError,
      "Cannot check what is there: ",
    );
    assertEquals(namesIn(dir), [ZIP]);
  }));

Deno.test("download: the first failure ends the other files, which stay as parts", () =>
  inFolder(async (dir) => {
    const { promise: until, resolve } = Promise.withResolvers<void>();
    const faults: Record<string, Fault> = {
      "recordings.zip": { kind: "stall", after: 30_000 },
      "cell_list.csv": {
        kind: "slow",
        until,
        then: { kind: "status", status: 404 },
      },
    };
    const files = Object.keys(faults);
    const served = Object.fromEntries(files.map((name) => [name, FILE]));
    await using zenodo = fakeZenodo(served, {
      fault: ({ url }) => faults[url.pathname.split("/").at(-2) ?? ""],
    });
    const onProgress = ({ bytesFetched }: DownloadProgress): void => {
      if (bytesFetched === 30_000) resolve();
    };
    await assertRejects(
      () => fetched({ dir, zenodo, files, concurrency: 2, onProgress }),
      DataNotFoundError,
      "(404)",
    );
    assertEquals(namesIn(dir), [
      "recordings.zip.part",
      "recordings.zip.part.json",
    ]);
  }));
