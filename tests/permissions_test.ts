import { writeSyntheticLab } from "rxephys/synthetic";
import { CRCNS_HOSTS } from "../src/publishers/crcns_session.ts";
import { SURROUNDINGS } from "../src/download/run.ts";
import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "./support/assert.ts";
import { AC1_TINY } from "./support/golden/golden_ac1.ts";
import { ACCOUNT, fakeCrcns } from "./support/servers/fake_crcns.ts";
import { answerFile, FakeLog, logged } from "./support/servers/fake_files.ts";
import { fakeZenodo } from "./support/servers/fake_zenodo.ts";
import { inFolder } from "./support/in_folder.ts";
import { itemAt } from "./support/item_at.ts";

const ROOT = decodeURIComponent(new URL("../", import.meta.url).pathname);
const UNUSED = "http://127.0.0.1:9";
const WINGERT = `${ROOT}tests/fixtures/wingert-small`;

/** Replacements of the words in capitals of the table. */
type Places = Readonly<Record<string, string>>;

/** A program with its arguments and surroundings. */
interface Run {
  readonly script: string;
  readonly args?: readonly string[];
  readonly places?: Places;
  readonly env?: Readonly<Record<string, string>>;
}

const example = (
  name: string,
  DATA: string,
  ...more: string[]
): Run => ({
  script: `examples/${name}`,
  args: [DATA, ...more],
  places: { DATA },
});

const EXAMPLES = [
  example("wehr.ts", AC1_TINY),
  example("asari.ts", AC1_TINY),
  example("custom_operator.ts", AC1_TINY),
  example("linear_strf.ts", AC1_TINY),
  { ...example("stream_ndjson.ts", AC1_TINY), args: ["wehr", AC1_TINY] },
  example("wingert2026.ts", WINGERT),
];

/** Reads recordings that the test writes. */
const OWN = "own_source.ts";

const FOUND = "read without naming `data`";

const TRAINING = example("training_loop.ts", AC1_TINY, "1");

/** The rows of the table in `docs/permissions.md`, and how each is tried. */
const USES: Readonly<Record<string, (row: Row) => Promise<void>>> = {
  "import": (row) => tried(row, { script: "mod.ts" }),
  "read what `data` names; datasets, batches, metrics": async (row) => {
    for (const run of EXAMPLES) await tried(row, run);
    for (const command of ["ls", "info"]) {
      const args = [command, AC1_TINY, "--quiet"];
      await tried(row, { script: "cli.ts", args, places: { DATA: AC1_TINY } });
    }
    await inFolder(async (own) => {
      await writeSyntheticLab(own);
      await tried(row, example(OWN, own));
    });
  },
  "the same on all cores, `SRC` being this package's `src`": (row) =>
    tried(row, {
      script: "tests/permissions/parallel.ts",
      args: [AC1_TINY],
      places: { DATA: AC1_TINY, SRC: `${ROOT}src` },
    }),
  "draw figures": (row) =>
    tried(row, { script: "tests/permissions/figures.ts", args: ["svg"] }),
  "`toPng` of a figure, `NPM` being Deno's cache of npm": async (row) =>
    await tried(row, {
      script: "tests/permissions/figures.ts",
      args: ["png"],
      places: { NPM: `${await denoDir}/npm` },
    }),
  "train as `examples/training_loop.ts` does, `NPM` being Deno's cache of npm":
    async (row) => {
      const NPM = `${await denoDir}/npm`;
      await tried(row, {
        ...TRAINING,
        places: { ...TRAINING.places, NPM },
      });
    },
  [FOUND]: (row) => inFolder((home) => found(row, home)),
  "write files, and read them back with `readDataset`": (row) =>
    inFolder((OUT) =>
      tried(row, {
        script: "tests/permissions/write.ts",
        args: [AC1_TINY, OUT],
        places: { DATA: AC1_TINY, OUT },
      })
    ),
  "write shards to a folder": (row) =>
    inFolder((OUT) =>
      tried(row, {
        script: "tests/permissions/shards.ts",
        args: [AC1_TINY, `${OUT}/shards`],
        places: { DATA: AC1_TINY, OUT },
      })
    ),
  "write a synthetic release": (row) =>
    inFolder((OUT) =>
      tried(row, {
        script: "tests/permissions/synthetic.ts",
        args: [OUT],
        places: { OUT },
      })
    ),
  "download CRCNS AC1": (row) => inFolder((OUT) => fromCrcns(row, OUT)),
  "download Wingert 2026": (row) => inFolder((OUT) => fromZenodo(row, OUT)),
  "stream from an address": streamed,
  "stream from a bucket of the store at `HOST`": fromBucket,
};

/** A row of the table. */
interface Row {
  readonly use: string;
  readonly flags: readonly string[];
}

function permissionTable(): Row[] {
  const text = Deno.readTextFileSync(`${ROOT}docs/permissions.md`);
  return text.split("\n").filter((line) => /^\| (?!use |-)/.test(line))
    .map((line) => {
      const [, use = "", flags = ""] = line.split("|")
        .map((cell) => cell.trim());
      return { use, flags: flags.match(/--[^`]+/g) ?? [] };
    });
}

const table = permissionTable();
const denoDir = denoFolder();

Deno.test("permissions: the table lists every use, and no other", () => {
  assertEquals(table.map(({ use }) => use), Object.keys(USES));
});

Deno.test("permissions: every example is tried", () => {
  const all = [...Deno.readDirSync(`${ROOT}examples`)]
    .map(({ name }) => `examples/${name}`)
    .filter((path) => path.endsWith(".ts"));
  assertEquals(
    all.sort(),
    [`examples/${OWN}`, ...[...EXAMPLES, TRAINING].map(({ script }) => script)]
      .sort(),
  );
});

for (const row of table) {
  // Elsewhere the cache folder has other variables.
  const ignore = row.use === FOUND && Deno.build.os !== "linux";
  const fn = (): Promise<void> => itemAt(USES, row.use)(row);
  Deno.test({ name: `permissions: ${row.use}`, ignore, fn });
}

Deno.test("permissions: the table has the hosts of the code", () => {
  const hostsIn = (use: string): string[] =>
    table.filter((row) => row.use === use).flatMap(({ flags }) => flags)
      .filter((flag) => flag.startsWith("--allow-net=")).flatMap(itemsOf);
  const named = [CRCNS_HOSTS.login, CRCNS_HOSTS.download, SURROUNDINGS.zenodo]
    .map((origin) => new URL(origin).host);
  assertEquals([
    ...hostsIn("download CRCNS AC1"),
    ...hostsIn("download Wingert 2026"),
  ], named);
});

/** Runs a program with its flags, which succeeds, and without each part of one, which fails. */
async function tried({ flags }: Row, run: Run): Promise<void> {
  const { places = {} } = run;
  const given = flags.map((flag) =>
    flag.replace(/[\w.]+/g, (word) => places[word] ?? word)
  );
  const whole = await outcome(run, given);
  assert(whole.success, `${run.script} ${given.join(" ")}\n${whole.err}`);
  for (const [i, flag] of given.entries()) {
    const [name] = flag.split("=");
    for (const item of itemsOf(flag)) {
      const rest = itemsOf(flag).filter((other) => other !== item);
      const less = rest.length > 0 ? [`${name}=${rest.join()}`] : [];
      const part = await outcome(run, given.toSpliced(i, 1, ...less));
      assert(!part.success, `${run.script} does without ${item} of ${flag}`);
      assertStringIncludes(part.err, "Requires ");
    }
  }
}

function itemsOf(flag: string): string[] {
  return flag.slice(flag.indexOf("=") + 1).split(",");
}

async function outcome(
  { script, args = [], places = {}, env = {} }: Run,
  flags: readonly string[],
): Promise<{ success: boolean; err: string }> {
  if (places.OUT) await emptied(places.OUT);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", ...flags, script, ...args],
    cwd: ROOT,
    clearEnv: true,
    env: { NO_COLOR: "1", DENO_DIR: await denoDir, ...env },
    stdout: "null",
  }).output();
  return { success, err: new TextDecoder().decode(stderr) };
}

async function found(row: Row, HOME: string): Promise<void> {
  const cache = `${HOME}/.cache/rxephys`;
  for (
    const [from, dataset, file] of [
      [AC1_TINY, "crcns-ac1", "crcns-ac1.zip"],
      [WINGERT, "wingert2026", "cell_list.csv"],
      [WINGERT, "wingert2026", "recordings.zip"],
    ]
  ) {
    await Deno.mkdir(`${cache}/${dataset}`, { recursive: true });
    await Deno.copyFile(`${from}/${file}`, `${cache}/${dataset}/${file}`);
  }
  await tried(row, {
    script: "tests/permissions/found.ts",
    places: { DATA: cache },
    env: { HOME },
  });
}

async function fromCrcns(row: Row, OUT: string): Promise<void> {
  const bytes = new TextEncoder().encode("a file");
  await using server = fakeCrcns({ "crcns-ac1.zip": { bytes } }, {
    login: "own",
  });
  const { login, download } = server.hosts;
  await tried(row, {
    script: "tests/permissions/download.ts",
    args: ["crcns-ac1", "crcns-ac1.zip", OUT, login, download, UNUSED],
    places: {
      OUT,
      "crcns.org": new URL(login).host,
      "download.crcns.org": new URL(download).host,
    },
    env: {
      CRCNS_USERNAME: ACCOUNT.username,
      CRCNS_PASSWORD: ACCOUNT.password,
    },
  });
}

async function fromZenodo(row: Row, OUT: string): Promise<void> {
  const bytes = new TextEncoder().encode("a file");
  await using server = fakeZenodo({ "cell_list.csv": { bytes } });
  const { origin } = server;
  await tried(row, {
    script: "tests/permissions/download.ts",
    args: ["wingert2026", "cell_list.csv", OUT, UNUSED, UNUSED, origin],
    places: { OUT, "zenodo.org": new URL(origin).host },
  });
}

async function streamed(row: Row): Promise<void> {
  await served((HOST) =>
    tried(row, {
      script: "tests/permissions/stream.ts",
      args: [`http://${HOST}/crcns-ac1.zip`],
      places: { HOST },
    })
  );
}

async function fromBucket(row: Row): Promise<void> {
  await served((HOST) =>
    tried(row, {
      script: "tests/permissions/stream.ts",
      args: ["s3://bucket/crcns-ac1.zip"],
      places: { HOST },
      env: {
        AWS_ENDPOINT_URL: `http://${HOST}`,
        AWS_ACCESS_KEY_ID: "a",
        AWS_SECRET_ACCESS_KEY: "b",
      },
    })
  );
}

/** Runs a test with a server whose every address is a zip. */
async function served(run: (host: string) => Promise<void>): Promise<void> {
  const bytes = await Deno.readFile(`${AC1_TINY}/crcns-ac1.zip`);
  const log = new FakeLog();
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (raw) => answerFile(await logged(raw, log), { bytes }, log, {}),
  );
  await run(`127.0.0.1:${server.addr.port}`);
}

/** Folder of the modules fetched before; HOME does not lead there in a run. */
async function denoFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    cwd: ROOT,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

async function emptied(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
}
