import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { tracesIn } from "../support/servers/account_traces.ts";
import { fetched, namesIn, randomBytes } from "../support/servers/downloads.ts";
import {
  ACCOUNT,
  type FakeCrcns,
  fakeCrcns,
} from "../support/servers/fake_crcns.ts";
import type { FakeRequest, Fault } from "../support/servers/fake_files.ts";
import { md5Hex } from "../support/archives/md5_hex.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";

const ZIP = "crcns-ac1.zip";
const BYTES = randomBytes(1_000_000, 1);
const FILE = { bytes: BYTES, etag: '"one"' };
const SCRIPT = decodeURIComponent(
  new URL("_download_process.ts", import.meta.url).pathname,
);

/** Process that downloads with the fewest permissions. */
class Downloader {
  readonly #process: Deno.ChildProcess;
  readonly #err: Promise<string>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  out = "";

  constructor(crcns: FakeCrcns, dir: string, shell: string = "") {
    const task = { crcns: crcns.hosts, dir, files: [ZIP] };
    const deno = [
      Deno.execPath(),
      "run",
      "--no-prompt",
      "--no-code-cache",
      `--allow-net=${new URL(crcns.hosts.download).host}`,
      `--allow-read=${dir}`,
      `--allow-write=${dir}`,
      "--allow-env=CRCNS_USERNAME,CRCNS_PASSWORD",
      SCRIPT,
      JSON.stringify(task),
    ];
    const { username, password } = ACCOUNT;
    this.#process = new Deno.Command("sh", {
      args: ["-c", `${shell} exec "$@"`, "sh", ...deno],
      env: {
        CRCNS_USERNAME: username,
        CRCNS_PASSWORD: password,
        NO_COLOR: "1",
      },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#err = new Response(this.#process.stderr).text();
    this.#reader = this.#process.stdout
      .pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Waits until the process has printed a text. */
  async says(text: string): Promise<void> {
    while (!this.out.includes(text)) {
      const { done, value } = await this.#reader.read();
      if (done) throw new Error(`${this.out}\n${await this.#err}`);
      this.out += value;
    }
  }

  /** Waits for the end of the process and returns its exit code. */
  async end(): Promise<number> {
    while (true) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.out += value;
    }
    this.out += await this.#err;
    assertEquals(tracesIn(this.out), [], "the account is in the output");
    return (await this.#process.status).code;
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.end();
  }
}

async function assertWhole(dir: string): Promise<void> {
  assertEquals(namesIn(dir), [ZIP]);
  assertEquals(md5Hex(await Deno.readFile(`${dir}/${ZIP}`)), md5Hex(BYTES));
}

function onceFor(
  fault: Fault,
): (request: FakeRequest) => Fault | undefined {
  const faults = [fault];
  return ({ url }) => url.pathname.endsWith(ZIP) ? faults.shift() : undefined;
}

const OPTIONS = { ignore: Deno.build.os === "windows" };

Deno.test(
  "download: of two processes one fetches the file, and both get it",
  OPTIONS,
  () =>
    inFolder(async (dir) => {
      const { promise: until, resolve } = Promise.withResolvers<void>();
      const fault = onceFor({ kind: "slow", until });
      await using crcns = fakeCrcns({ [ZIP]: FILE }, { fault });
      const first = new Downloader(crcns, dir);
      await first.says(`${ZIP} downloading`);
      const second = new Downloader(crcns, dir);
      await second.says(`${ZIP} waiting`);
      resolve();
      const codes = await Promise.all([first.end(), second.end()]);
      assertEquals(codes, [0, 0], first.out + second.out);
      assertStringIncludes(first.out, "wasThere: false");
      assertStringIncludes(second.out, "wasThere: true");
      assertEquals(crcns.log.of(ZIP).length, 1);
      await assertWhole(dir);
    }),
);

Deno.test(
  "download: a killed process releases its lock, the next resumes its part",
  OPTIONS,
  () =>
    inFolder(async (dir) => {
      const fault = onceFor({ kind: "stall", after: 400_000 });
      await using crcns = fakeCrcns({ [ZIP]: FILE }, { fault });
      const killed = new Downloader(crcns, dir);
      await killed.says("bytes");
      const waiting = new Downloader(crcns, dir);
      await waiting.says(`${ZIP} waiting`);
      await killed.kill();
      assertEquals(await waiting.end(), 0, waiting.out);
      await assertWhole(dir);
      const { headers } = itemAt(crcns.log.of(ZIP), 1);
      const from = /^bytes=(\d+)-$/.exec(headers.get("range") ?? "")?.[1];
      assert(Number(from) > 0, `went on from ${from}`);
    }),
);

Deno.test(
  "download: a lock file that no process holds locks nothing",
  OPTIONS,
  () =>
    inFolder(async (dir) => {
      await using crcns = fakeCrcns({ [ZIP]: FILE });
      await Deno.writeTextFile(`${dir}/${ZIP}.lock`, "pid 1");
      await fetched({ dir, crcns });
      await assertWhole(dir);
    }),
);

Deno.test(
  "download: resumes after a limit on the file size is lifted",
  OPTIONS,
  () =>
    inFolder(async (dir) => {
      await using crcns = fakeCrcns({ [ZIP]: FILE });
      // 300 blocks of 512 bytes (1024 in some shells); SIGXFSZ would kill it.
      const limit = 'trap "" XFSZ; ulimit -f 300;';
      const full = new Downloader(crcns, dir, limit);
      assertEquals(await full.end(), 1, full.out);
      const missing = /OutputError: Cannot write \d+ more bytes: /;
      assert(missing.test(full.out), full.out);
      assertStringIncludes(full.out, "free space or choose another folder");
      assertEquals(namesIn(dir), [`${ZIP}.part`, `${ZIP}.part.json`]);
      const after = new Downloader(crcns, dir);
      assertEquals(await after.end(), 0, after.out);
      await assertWhole(dir);
      const { headers } = itemAt(crcns.log.of(ZIP), 1);
      assert(headers.get("range") !== null, "it resumed the part");
    }),
);

Deno.test(
  "download: writes to its folder only",
  OPTIONS,
  () =>
    inFolder(async (folder) => {
      await using crcns = fakeCrcns({ [ZIP]: FILE });
      const refused = new Downloader(crcns, `${folder}/data`);
      // The process may create its folder and write there, but not beside it.
      assertEquals(await refused.end(), 0, refused.out);
      assertEquals(namesIn(folder), ["data"]);
      await assertWhole(`${folder}/data`);
    }),
);
