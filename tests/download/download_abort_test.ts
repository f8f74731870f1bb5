import { assert, assertEquals } from "../support/assert.ts";
import type { DownloadProgress } from "../../src/download/download.ts";
import { tryLockFile } from "../../src/base/lock.ts";
import { platformTransport } from "../../src/http/transport.ts";
import {
  type DownloadSetup,
  fetched,
  namesIn,
  randomBytes,
} from "../support/servers/downloads.ts";
import type { Fault } from "../support/servers/fake_files.ts";
import { type FakeZenodo, fakeZenodo } from "../support/servers/fake_zenodo.ts";
import { inFolder } from "../support/in_folder.ts";

const FILE = { bytes: randomBytes(100_000, 1) };
const NAME = "recordings.zip";

/** Aborts a download when `leave` is called, and lists the files left. */
async function left(
  dir: string,
  zenodo: FakeZenodo,
  setup: (leave: () => void) => Partial<DownloadSetup>,
): Promise<string[]> {
  const controller = new AbortController();
  const reason = new Error("left");
  const leave = (): void => controller.abort(reason);
  const { signal } = controller;
  const pending = fetched({ dir, zenodo, signal, ...setup(leave) });
  const error = await pending.then(() => null, (error) => error);
  assert(error === reason, `ended with ${error}`);
  return namesIn(dir);
}

/** Zenodo that calls `onAsked` and then responds with a fault. */
function faulty(
  suffix: string,
  fault: Fault,
  onAsked: () => void = () => {},
): FakeZenodo {
  return fakeZenodo({ [NAME]: FILE }, {
    fault: ({ url }) => {
      if (!url.pathname.endsWith(suffix)) return undefined;
      onAsked();
      return fault;
    },
  });
}

const NEVER = new Promise<void>(() => {});

Deno.test("download: aborted before it begins, it sends no request", () =>
  inFolder(async (dir) => {
    await using zenodo = fakeZenodo({ [NAME]: FILE });
    assertEquals(await left(dir, zenodo, (leave) => (leave(), {})), []);
    assertEquals(zenodo.log.requests, []);
  }));

for (const suffix of ["18331549", "/content"]) {
  Deno.test(`download: aborted while ${suffix} does not answer`, () =>
    inFolder(async (dir) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const fault = { kind: "slow", until: NEVER } as const;
      await using zenodo = faulty(suffix, fault, resolve);
      const names = await left(dir, zenodo, (leave) => {
        promise.then(leave);
        return {};
      });
      assertEquals(names, []);
    }));
}

Deno.test("download: aborted while a response stalls, the part stays", () =>
  inFolder(async (dir) => {
    await using zenodo = faulty("/content", { kind: "stall", after: 40_000 });
    const names = await left(dir, zenodo, (leave) => ({
      onProgress: ({ bytesFetched }: DownloadProgress): void => {
        if (bytesFetched === 40_000) queueMicrotask(leave);
      },
    }));
    assertEquals(names, [`${NAME}.part`, `${NAME}.part.json`]);
    assertEquals((await Deno.stat(`${dir}/${NAME}.part`)).size, 40_000);
  }));

Deno.test("download: aborted while it waits for the next attempt", () =>
  inFolder(async (dir) => {
    const fault = { kind: "status", status: 503, retryAfter: "500" } as const;
    await using zenodo = faulty("/content", fault);
    await left(dir, zenodo, (leave) => ({
      transport: {
        ...platformTransport,
        sleep: (ms, signal): Promise<void> => {
          queueMicrotask(leave);
          return platformTransport.sleep(ms, signal);
        },
      },
    }));
    assertEquals(zenodo.log.of("/content").length, 1);
  }));

Deno.test("download: aborted while another process holds the lock", () =>
  inFolder(async (dir) => {
    await using zenodo = fakeZenodo({ [NAME]: FILE });
    const lock = await tryLockFile(`${dir}/${NAME}.lock`);
    const names = await left(dir, zenodo, (leave) => ({
      onProgress: ({ state }: DownloadProgress): void => {
        if (state === "waiting") queueMicrotask(leave);
      },
    }));
    lock?.close();
    assertEquals(names, [`${NAME}.lock`]);
    assertEquals(zenodo.log.of("/content"), []);
  }));

Deno.test("download: aborted while it checks a file on disk", () =>
  inFolder(async (dir) => {
    await using zenodo = fakeZenodo({ [NAME]: FILE });
    await Deno.writeFile(`${dir}/${NAME}`, FILE.bytes);
    const names = await left(dir, zenodo, (leave) => ({
      onProgress: ({ state }: DownloadProgress): void => {
        if (state === "checking") leave();
      },
    }));
    assertEquals(names, [NAME]);
  }));
