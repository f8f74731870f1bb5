import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { impatient } from "../support/servers/downloads.ts";
import {
  type Fault,
  type FaultyProxy,
  faultyProxy,
  type ProxiedRequest,
} from "../support/servers/faulty_proxy.ts";
import {
  STORE_KEYS,
  type StoreKind,
  STORES,
  type TestStore,
} from "../support/servers/s3_store.ts";
import type { Transport } from "../../src/http/transport.ts";
import { listedObjects } from "../../src/places/_s3_listing.ts";
import { S3Object } from "../../src/places/_s3_object.ts";
import { S3Place } from "../../src/places/_s3_place.ts";
import type { Place } from "../../src/places/place.ts";
import { S3Sender } from "../../src/s3/sender.ts";
import type { S3Settings } from "../../src/s3/settings.ts";
import {
  ArchiveError,
  CredentialError,
  DataNotFoundError,
  DownloadError,
  UnsupportedError,
} from "../../src/errors.ts";
import { assertSameBytes, someBytes, testContract } from "./_contract.ts";

const KEY = "run-1";
const MAX = { maxBytes: 1000 };
const ENCODER = new TextEncoder();

/** Store and bucket of a test, and ways to reach them. */
interface Setup {
  readonly store: TestStore;
  readonly bucket: string;
  /** Bytes of a part of a large object. */
  readonly partBytes: number;
  /** Opens the place; the network fails as told, and waits for nothing. */
  open(settings?: Partial<S3Settings>, transport?: Transport): S3Place;
  /** Runs a test with a proxy before the store. */
  behind(
    fault: (request: ProxiedRequest) => Fault | undefined,
    check: (place: S3Place, proxy: FaultyProxy) => Promise<void>,
  ): Promise<void>;
  /** Uploads that have begun and not ended. */
  uploads(): Promise<number>;
}

function setupOf(store: TestStore, bucket: string): Setup {
  const { partBytes } = store;
  const open: Setup["open"] = (settings = {}, transport = impatient()) => {
    const sender = new S3Sender({
      settings: { ...store.settings, ...settings },
      transport,
    });
    return new S3Place({ bucket, key: KEY }, { sender, partBytes });
  };
  return {
    store,
    bucket,
    partBytes,
    open,
    async behind(fault, check): Promise<void> {
      await using proxy = await faultyProxy(store.endpoint, fault);
      await check(open({ endpoint: new URL(proxy.endpoint) }), proxy);
    },
    async uploads(): Promise<number> {
      const sender = new S3Sender({ settings: store.settings });
      const address = new URL(`s3://${bucket}?uploads`);
      const text = await (await sender.request(address, {})).text();
      return text.split("<Upload>").length - 1;
    },
  };
}

/** Makes a file of three parts, the last of three bytes. */
async function withFile(
  { partBytes }: Setup,
  check: (path: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const bytes = someBytes(2 * partBytes + 3);
    await Deno.writeFile(`${folder}/file`, bytes);
    await check(`${folder}/file`, bytes);
  });
}

/** Bytes of an object that is read as a file. */
async function copied(place: Place, key: string): Promise<Uint8Array> {
  await using file = await place.file(key);
  return await Deno.readFile(file.path);
}

const CASES: Readonly<Record<string, (setup: Setup) => Promise<void>>> = {
  "a large file goes up in parts, and comes back in pieces": (setup) =>
    withFile(setup, async (path, bytes) => {
      const place = setup.open();
      assertEquals(await place.putFile("a", path), "stored");
      assertEquals(await place.putFile("a", path), "exists");
      assertEquals(await place.sizeOf("a"), bytes.length);
      assertSameBytes(await copied(place, "a"), bytes);
      assertEquals(await setup.uploads(), 0);
    }),

  "a part that fails for good leaves nothing": (setup) =>
    withFile(setup, (path) =>
      setup.behind(
        ({ path }) =>
          path.includes("partNumber=2") ? { status: 503 } : undefined,
        async (place) => {
          await assertRejects(
            () => place.putFile("a", path),
            DownloadError,
            "Cannot use the server: it is out of order (503), try again later " +
              `(archive "s3://${setup.bucket}/${KEY}/a")`,
          );
          assertEquals(await place.sizeOf("a"), undefined);
          assertEquals(await setup.uploads(), 0);
        },
      )),

  "an upload that is aborted leaves nothing": (setup) =>
    withFile(setup, async (path) => {
      const controller = new AbortController();
      await setup.behind(
        ({ path }) => {
          if (!path.includes("partNumber=3")) return undefined;
          controller.abort(new Error("enough"));
          return { delayMs: 50 };
        },
        async (place) => {
          await assertRejects(
            () => place.putFile("a", path, controller),
            Error,
            "enough",
          );
          assertEquals(await place.sizeOf("a"), undefined);
          assertEquals(await setup.uploads(), 0);
        },
      );
    }),

  "the uploads of killed writers go with the next one": (setup) =>
    withFile(setup, async (path) => {
      const sender = new S3Sender({ settings: setup.store.settings });
      for (const key of ["a", "a", "ab"]) {
        const address = new URL(`s3://${setup.bucket}/${KEY}/${key}?uploads`);
        const begun = await sender.request(address, { method: "POST" });
        await begun.body?.cancel();
      }
      assertEquals(await setup.uploads(), 3);
      assertEquals(await setup.open().putFile("a", path), "stored");
      assertEquals(await setup.uploads(), 1);
    }),

  "passing faults of every request pass": (setup) =>
    withFile(setup, async (path, bytes) => {
      const faults: readonly Fault[] = [
        { status: 503, code: "SlowDown", headers: { "retry-after": "1" } },
        { drop: "before" },
        { status: 500, code: "InternalError" },
      ];
      const failed = new Map<string, number>();
      await setup.behind(
        ({ method, path }) => {
          const times = failed.get(method + path) ?? 0;
          failed.set(method + path, times + 1);
          return faults[times];
        },
        async (place) => {
          assertEquals(await place.put("b", ENCODER.encode("b")), "stored");
          assertEquals(await place.putFile("a", path), "stored");
          assertSameBytes(await copied(place, "a"), bytes);
          assertEquals(await place.get("b", MAX), ENCODER.encode("b"));
          const entries = await Array.fromAsync(place.list(""));
          assertEquals(entries.map(({ key }) => key), ["a", "b"]);
          await place.remove("b");
        },
      );
      assertEquals(await setup.uploads(), 0);
    }),

  "a writer whose answer is lost has stored all the same": (setup) =>
    withFile(setup, async (path, bytes) => {
      let lost = 0;
      await setup.behind(
        ({ method, path }) => {
          const isEnd = method === "PUT" && path.endsWith("/b") ||
            method === "POST" && path.includes("uploadId");
          return isEnd && lost++ % 2 === 0 ? { drop: "after" } : undefined;
        },
        async (place) => {
          assertEquals(await place.put("b", ENCODER.encode("b")), "stored");
          assertEquals(await place.putFile("a", path), "stored");
          assertSameBytes(await copied(place, "a"), bytes);
        },
      );
      assert(lost >= 4);
      assertEquals(await setup.uploads(), 0);
    }),

  "an answer that is cut is read again, or from there": (setup) =>
    withFile(setup, async (path, bytes) => {
      await setup.open().putFile("a", path);
      let cut = 0;
      await setup.behind(
        ({ method }) =>
          method === "GET" && cut++ < 6 ? { drop: "within" } : undefined,
        async (place) => {
          assertSameBytes(await copied(place, "a"), bytes);
          cut = 4;
          const small = ENCODER.encode("0123456789");
          await place.put("b", small);
          assertEquals(await place.get("b", MAX), small);
        },
      );
    }),

  "an object that is replaced while it is read is refused": (setup) =>
    withFile(setup, async (path, bytes) => {
      const sender = new S3Sender({ settings: setup.store.settings });
      await setup.open().putFile("a", path);
      const network = impatient();
      const place = setup.open({}, {
        ...network,
        async fetch(url, init): Promise<Response> {
          if (init.method !== "HEAD") return await network.fetch(url, init);
          const response = await network.fetch(url, init);
          const address = new URL(`s3://${setup.bucket}/${KEY}/a`);
          const body = bytes.toReversed();
          await (await sender.request(address, { method: "PUT", body })).text();
          return response;
        },
      });
      await assertRejects(
        () => place.file("a"),
        ArchiveError,
        "Cannot read file: it has changed on the server since it was opened " +
          `(archive "s3://${setup.bucket}/${KEY}/a")`,
      );
    }),

  "a store that ignores the condition is refused": async (setup) => {
    const network = impatient();
    const place = setup.open({}, {
      ...network,
      fetch(url, init): Promise<Response> {
        const headers = new Headers(init.headers);
        headers.delete("if-none-match");
        return network.fetch(url, { ...init, headers });
      },
    });
    await assertRejects(
      () => place.put("a", ENCODER.encode("a")),
      UnsupportedError,
      "Cannot use the store: it replaces objects in spite of If-None-Match, " +
        "expected a store with conditional writes (archive " +
        `"s3://${setup.bucket}/${KEY}")`,
    );
  },

  "a list of many pages has the keys of a place, and no others": async (
    setup,
  ) => {
    const place = setup.open();
    const keys = ["a", "b/1", "b/2", "c", "d"];
    for (const key of keys) await place.put(key, ENCODER.encode(key));
    const sender = new S3Sender({ settings: setup.store.settings });
    const foreign = ["run-1/a b&c+d", "run-1/\u00e4", "run-1/.b", "run-10/a"];
    for (const key of foreign) {
      const address = new URL(
        `s3://${setup.bucket}/${
          key.split("/").map(encodeURIComponent).join("/")
        }`,
      );
      await (await sender.request(address, { method: "PUT" })).text();
    }
    const listed = await Array.fromAsync(place.list(""));
    assertEquals(listed.map(({ key }) => key), keys);
    const bucket = new S3Object({ bucket: setup.bucket, key: "" }, sender);
    const paged = await Array.fromAsync(
      listedObjects(bucket, "run-1/", { pageKeys: 2 }),
    );
    assertEquals(
      paged.map(({ key }) => key),
      [...foreign.slice(0, 3), ...keys.map((key) => `run-1/${key}`)]
        .filter((key) => !key.includes("\u00e4")).sort(),
    );
  },

  "a store that lies about a list is refused": async (setup) => {
    await setup.open().put("a", ENCODER.encode("a"));
    const text = (body: Uint8Array, from: string, to: string): Uint8Array =>
      ENCODER.encode(new TextDecoder().decode(body).replace(from, to));
    const lies: readonly (readonly [string, string, string])[] = [
      ["<Key>run-1/a", "<Key>other/b", "it lists its objects out of order"],
      ["<Size>1<", "<Size>x<", "it lists an object without name or size"],
      ["<ListBucketResult", "<SomethingOther>>", "it sends no list"],
    ];
    for (const [from, to, why] of lies) {
      await setup.behind(
        () => ({ lie: (body) => text(body, from, to) }),
        async (place) => {
          await assertRejects(
            () => Array.fromAsync(place.list("")),
            DownloadError,
            `Cannot use the store: ${why} (archive "s3://${setup.bucket}/")`,
          );
        },
      );
    }
  },

  "a bucket without rights or a clock an hour off is named": (setup) =>
    withFile(setup, async (path) => {
      const refusals = {
        AccessDenied: "it refuses access (403 AccessDenied), check the rights",
        RequestTimeTooSkewed: "this machine's clock is 60 min ahead of the " +
          "store's (403 RequestTimeTooSkewed), expected at most 15 min",
      };
      const date = new Date(Date.now() - 3_600_000).toUTCString();
      for (const [code, text] of Object.entries(refusals)) {
        await setup.behind(
          ({ method }) =>
            method === "HEAD"
              ? undefined
              : { status: 403, code, headers: { date } },
          async (place, { requests }) => {
            const calls = [
              () => place.get("a", MAX),
              () => place.put("a", ENCODER.encode("a")),
              () => place.putFile("a", path),
              () => place.remove("a"),
              () => Array.fromAsync(place.list("")),
            ];
            for (const call of calls) {
              await assertRejects(call, CredentialError, text);
            }
            // One attempt each; the large file asks first whether it is there.
            assertEquals(requests.length, calls.length + 1);
          },
        );
      }
      assertEquals(await setup.uploads(), 0);
    }),

  "a bucket that is not there is named": async (setup) => {
    const sender = new S3Sender({ settings: setup.store.settings });
    const place = new S3Place({ bucket: "no-bucket", key: KEY }, { sender });
    const calls = [
      () => place.get("a", MAX),
      () => place.put("a", ENCODER.encode("a")),
      () => Array.fromAsync(place.list("")),
    ];
    for (const call of calls) {
      await assertRejects(
        call,
        DataNotFoundError,
        "Cannot use the store: there is no such bucket (404 NoSuchBucket)",
      );
    }
  },
};

/**
 * Only versitygw compares keys, clocks and sums, and knows the condition when it
 * joins parts.
 */
const STRICT_CASES: typeof CASES = {
  "of 6 large files of one name one is stored": (setup) =>
    withFile(setup, async (path) => {
      const places = Array.from({ length: 6 }, () => setup.open());
      const stored = await Promise.all(
        places.map((place) => place.putFile("a", path)),
      );
      assertEquals(stored.filter((outcome) => outcome === "stored").length, 1);
      assertEquals(await setup.uploads(), 0);
    }),

  "wrong keys and clocks are named": async (setup) => {
    const wrong = { ...STORE_KEYS, secretAccessKey: "wrong" };
    await assertRejects(
      () => setup.open({ keys: wrong }).get("a", MAX),
      CredentialError,
      "it finds the signature wrong (403 SignatureDoesNotMatch), check " +
        "AWS_SECRET_ACCESS_KEY",
    );
    const now = (): number => Date.now() + 3_600_000;
    const place = setup.open({}, { ...impatient(), now });
    const text = "this machine's clock is 60 min ahead of the store's (403";
    await assertRejects(() => place.get("a", MAX), CredentialError, text);
    await assertRejects(() => place.sizeOf("a"), CredentialError, text);
  },

  "bytes that change on the way up are refused": async (setup) => {
    const network = impatient();
    const place = setup.open({}, {
      ...network,
      fetch: (url, init) =>
        network.fetch(url, {
          ...init,
          ...(init.method === "PUT" && { body: "another" }),
        }),
    });
    await assertRejects(
      () => place.put("a", ENCODER.encode("a body")),
      DownloadError,
      "Cannot reach the server: it says 400 XAmzContentSHA256Mismatch (archive",
    );
    assertEquals(await setup.open().sizeOf("a"), undefined);
  },
};

function testStore({ name, start }: StoreKind): void {
  let store: TestStore;
  Deno.test.beforeAll(async () => {
    store = await start();
  });
  Deno.test.afterAll(async () => await store[Symbol.asyncDispose]());
  testContract({
    name,
    run: async (check) => {
      const { open } = setupOf(store, await store.newBucket());
      await check(() => Promise.resolve(open()));
    },
  });
  const isStrict = name === "versitygw";
  const cases = { ...CASES, ...(isStrict && STRICT_CASES) };
  for (const [what, check] of Object.entries(cases)) {
    Deno.test(`${name}: ${what}`, async () => {
      await check(setupOf(store, await store.newBucket()));
    });
  }
}

for (const kind of STORES) testStore(kind);
