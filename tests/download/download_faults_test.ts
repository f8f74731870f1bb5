import { assert, assertEquals } from "../support/assert.ts";
import { DataError } from "../../src/errors.ts";
import {
  fetched,
  impatient,
  mulberry,
  namesIn,
  randomBytes,
} from "../support/servers/downloads.ts";
import {
  ACCOUNT,
  checksums,
  type FakeCrcns,
  fakeCrcns,
  fileList,
  LOGIN_PAGE,
  textFile,
} from "../support/servers/fake_crcns.ts";
import type {
  FakeFile,
  FakeRequest,
  Fault,
} from "../support/servers/fake_files.ts";
import { md5Hex } from "../support/archives/md5_hex.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";

const ZIP = "crcns-ac1.zip";
const SCHEDULES = 240;
/** Concurrent schedules; each waits most of the time. */
const AT_ONCE = 8;
const NEVER = new Promise<void>(() => {});

interface Schedule {
  readonly versions: readonly FakeFile[];
  readonly fault: (request: FakeRequest) => Fault | undefined;
  readonly answer: (request: FakeRequest) => Response | undefined;
  readonly pieceBytes: number;
  readonly login: "shared" | "own";
}

/** Draws the faults and their times from a seed. */
function scheduleOf(seed: number, crcns: () => FakeCrcns): Schedule {
  const random = mulberry(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const length = upTo(3) === 0 ? upTo(20) : upTo(60_000);
  const isTagged = random() < 0.7;
  const versions = [0, 1, 2].map((version): FakeFile => ({
    bytes: randomBytes(version === 2 ? length + 7 : length, seed * 3 + version),
    ...(isTagged && { etag: `"v${version}"` }),
    ...(random() < 0.5 && {
      lastModified: `Mon, 0${version + 1} Jun 2026 00:00:00 GMT`,
    }),
  }));
  let left = upTo(9);
  const fault = (): Fault | undefined => {
    if (left-- <= 0) return undefined;
    const after = upTo(length);
    return itemAt([
      (): Fault => ({ kind: "cut", after }),
      (): Fault => ({ kind: "cut", after: 0 }),
      (): Fault => ({ kind: "short", after }),
      (): Fault => ({ kind: "long", by: 1 + after }),
      (): Fault => ({ kind: "status", status: 429, retryAfter: "3" }),
      (): Fault => ({ kind: "status", status: 500 + upTo(4) }),
      (): Fault => ({ kind: "noRange" }),
      (): Fault => ({ kind: "noIfRange" }),
      (): Fault => ({ kind: "page", html: LOGIN_PAGE }),
      (): Fault => ({ kind: "page", html: LOGIN_PAGE, type: "a/zip" }),
      (): Fault => ({ kind: "slow", until: NEVER }),
      (): Fault => ({ kind: "stall", after }),
      (): Fault => ({ kind: "flip", at: after }),
      (): undefined => undefined,
    ], upTo(13))();
  };
  return {
    versions,
    fault: (request) => random() < 0.8 ? fault() : withPart(request),
    answer: (request) => {
      const { pathname } = request.url;
      const dice = random();
      if (dice < 0.02) crcns().forget();
      if (dice > 0.97) return new Response(LOGIN_PAGE, HTML);
      if (dice > 0.94 && pathname.endsWith(ZIP)) {
        crcns().files.set(ZIP, itemAt(versions, upTo(2)));
      }
      return undefined;
    },
    pieceBytes: 1 + upTo(8000),
    login: random() < 0.5 ? "shared" : "own",
  };

  /** Faults that only a request for the rest of a file meets. */
  function withPart({ headers }: FakeRequest): Fault | undefined {
    return headers.has("range") ? { kind: "noIfRange" } : undefined;
  }
}

const HTML = { headers: { "content-type": "text/html" } };

/** Downloads under a schedule; returns the error, null without one. */
async function attempt(seed: number, dir: string): Promise<unknown> {
  const schedule = scheduleOf(seed, () => crcns);
  const first = itemAt(schedule.versions, 0);
  const listed = new Map([[ZIP, first]]);
  const sums = checksums(listed);
  const cut = seed % 10 === 0 ? 20 + seed % 20 : sums.length;
  await using crcns = fakeCrcns({
    [ZIP]: first,
    "filelist.txt": textFile(fileList(listed)),
    "checksums.md5": textFile(sums.slice(0, cut)),
  }, schedule);
  const transport = {
    ...impatient([], mulberry(seed)),
    answerTimeoutMs: 150,
    idleTimeoutMs: 150,
  };
  const result = fetched({ dir, crcns, transport });
  const error = await result.then(() => null, (error) => error);
  const isOnDisk = namesIn(dir).includes(ZIP);
  if (isOnDisk) {
    const sum = md5Hex(await Deno.readFile(`${dir}/${ZIP}`));
    assertEquals(sum, md5Hex(first.bytes), `seed ${seed}: a wrong file`);
  }
  assertEquals(isOnDisk, error === null, `seed ${seed}: ${error}`);
  return error;
}

/** Downloads from the same server without faults. */
async function completed(seed: number, dir: string): Promise<void> {
  const first = itemAt(scheduleOf(seed, () => crcns).versions, 0);
  await using crcns = fakeCrcns({ [ZIP]: first });
  await fetched({ dir, crcns });
  assertEquals(await Deno.readFile(`${dir}/${ZIP}`), first.bytes);
  assertEquals(namesIn(dir), [ZIP], `seed ${seed}: something is left`);
}

/** Returns "whole" or the name of the error. */
async function outcomeOf(seed: number): Promise<string> {
  let outcome = "whole";
  await inFolder(async (dir) => {
    const error = await attempt(seed, dir);
    if (error === null) return;
    assert(
      error instanceof DataError && error.constructor !== DataError,
      `seed ${seed}: ${Deno.inspect(error)}`,
    );
    const text = Deno.inspect(error, { depth: 100, showHidden: true });
    for (const secret of Object.values(ACCOUNT)) {
      assert(!text.includes(secret), `seed ${seed}: names the account`);
    }
    await completed(seed, dir);
    outcome = error.name;
  });
  return outcome;
}

Deno.test(`download: ${SCHEDULES} schedules of faults: the whole right file or a typed error`, async () => {
  const outcomes: Record<string, number> = {};
  const seeds = Array.from({ length: SCHEDULES }, (_, i) => i + 1).values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const seed of seeds) {
      const outcome = await outcomeOf(seed);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  }));
  // Each outcome must occur, since one alone would prove little.
  assert(itemAt(outcomes, "whole") >= 80, Deno.inspect(outcomes));
  for (const name of ["CredentialError", "DownloadError", "ArchiveError"]) {
    assert(itemAt(outcomes, name) >= 5, Deno.inspect(outcomes));
  }
});
