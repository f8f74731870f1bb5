import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { downloadText } from "../../examples/_download_progress.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { succeeds } from "../support/succeeds.ts";
import { tracesIn } from "../support/servers/account_traces.ts";
import { namesIn } from "../support/servers/downloads.ts";
import {
  ACCOUNT,
  type FakeCrcns,
  fakeCrcns,
} from "../support/servers/fake_crcns.ts";
import type { FakeFile } from "../support/servers/fake_files.ts";
import { fakeZenodo } from "../support/servers/fake_zenodo.ts";
import { type ExampleRun, runExample } from "./_run_example.ts";
import { inFolder } from "../support/in_folder.ts";

const WINGERT_SMALL = decodeURIComponent(
  new URL("../fixtures/wingert-small/", import.meta.url).pathname,
);
const REROUTE = [
  "--preload",
  decodeURIComponent(
    new URL("../support/servers/reroute.ts", import.meta.url).pathname,
  ),
];

async function filesOf(
  folder: string,
  ...names: string[]
): Promise<Record<string, FakeFile>> {
  const files = await Promise.all(names.map(async (name) => {
    const bytes = await Deno.readFile(folder + name);
    return [name, { bytes }] as const;
  }));
  return Object.fromEntries(files);
}

function routesTo({ hosts }: FakeCrcns): string {
  return JSON.stringify({
    "https://crcns.org": hosts.login,
    "https://download.crcns.org": hosts.download,
  });
}

const LOGIN = {
  CRCNS_USERNAME: ACCOUNT.username,
  CRCNS_PASSWORD: ACCOUNT.password,
};

function example(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ExampleRun> {
  return runExample(name, args, { ...LOGIN, ...env }, REROUTE);
}

Deno.test("examples/wehr.ts --download: fetches what it needs, and only once", () =>
  inFolder(async (folder) => {
    const names = ["crcns-ac1.zip", "crcns-ac1-asari-results-1.zip"];
    await using crcns = fakeCrcns(await filesOf(AC1_TINY, ...names));
    const env = { REROUTE: routesTo(crcns), RXEPHYS_DATA_DIR: folder };
    const first = await example("wehr.ts", ["--download"], env);
    assertEquals(first.code, 0, first.err);
    assertStringIncludes(first.out, "N=4 S=6 F=53 dt=5 ms signal=subthresh");
    assertStringIncludes(first.err, "(crcns-ac1.zip: downloading)\n");
    assertStringIncludes(first.err, "5.4 MB of 5.4 MB, ");
    assertStringIncludes(first.err, "(crcns-ac1.zip: done)\n");
    assertEquals(namesIn(`${folder}/crcns-ac1`), ["crcns-ac1.zip"]);

    const second = await example("wehr.ts", ["--download"], env);
    assertEquals(second.out, first.out);
    assertEquals(crcns.log.of("crcns-ac1.zip").length, 1);
    const printed = [first, second].flatMap(({ out, err }) => [out, err]);
    assertEquals(tracesIn(printed.join("\n")), []);
  }));

Deno.test("examples/asari.ts --download --data: all three zips, into that folder", () =>
  inFolder(async (folder) => {
    const names = [
      "crcns-ac1-asari-results-1.zip",
      "crcns-ac1-asari-results-2.zip",
      "crcns-ac1.zip",
    ];
    await using crcns = fakeCrcns(await filesOf(AC1_TINY, ...names));
    const { code, out, err } = await example(
      "asari.ts",
      ["--download", "--data", `${folder}/here`],
      { REROUTE: routesTo(crcns) },
    );
    assertEquals(code, 0, err);
    assertStringIncludes(out, "Both: N=5 S=8 F=53 dt=5 ms signal=mixed");
    assertEquals(namesIn(`${folder}/here`), names);
  }));

Deno.test("examples/wingert2026.ts --download: needs no account", () =>
  inFolder(async (folder) => {
    const names = ["cell_list.csv", "recordings.zip"];
    await using zenodo = fakeZenodo(await filesOf(WINGERT_SMALL, ...names));
    const { code, out, err } = await example(
      "wingert2026.ts",
      ["--download"],
      {
        CRCNS_USERNAME: "",
        CRCNS_PASSWORD: "",
        REROUTE: JSON.stringify({ "https://zenodo.org": zenodo.origin }),
        RXEPHYS_DATA_DIR: folder,
      },
    );
    assertEquals(code, 0, err);
    assertStringIncludes(out, "One site, CLT027c:\n  N=4 S=5 F=32");
    assertStringIncludes(err, "(recordings.zip: done)\n");
  }));

Deno.test("examples/wehr.ts --download: one line for an error that the user can fix", () =>
  inFolder(async (folder) => {
    const env = { RXEPHYS_DATA_DIR: folder };
    const missing = await example("wehr.ts", ["--download"], {
      ...env,
      CRCNS_USERNAME: "",
    });
    assertEquals(missing.code, 1);
    assertEquals(
      missing.err,
      "error: Cannot log in to CRCNS: CRCNS_USERNAME is not set, expected " +
        "that of a free account (https://crcns.org/request-account)\n",
    );
    await using crcns = fakeCrcns({});
    const refused = await example("wehr.ts", ["--download"], {
      ...env,
      CRCNS_PASSWORD: "another",
      REROUTE: routesTo(crcns),
    });
    assertEquals(refused.code, 1);
    assert(/^error: Cannot log in to CRCNS: .*\n$/.test(refused.err));
    assertEquals(refused.err.includes("another"), false);
    assertEquals(namesIn(folder), []);
  }));

Deno.test("a download's line: bytes, rate, time left", () => {
  const progress = {
    file: "recordings.zip",
    state: "downloading",
    bytesDone: 1.35e9,
    bytesTotal: 4.35e9,
    bytesFetched: 1e9,
    filesDone: 1,
    filesTotal: 2,
  } as const;
  assertEquals(
    downloadText(progress, 100),
    "1.35 GB of 4.35 GB, 10.0 MB/s, 5 min left (recordings.zip: downloading)",
  );
  assertEquals(
    downloadText({ ...progress, bytesFetched: 0, state: "checking" }, 3),
    "1.35 GB of 4.35 GB (recordings.zip: checking)",
  );
  assertEquals(
    downloadText({ ...progress, bytesFetched: 1e6 }, 10),
    "1.35 GB of 4.35 GB, 100 kB/s, 8 h 20 min left " +
      "(recordings.zip: downloading)",
  );
});

Deno.test("a download on a terminal: one bar, redrawn", {
  ignore: Deno.build.os !== "linux" || !await succeeds("script", ["-V"]),
}, () =>
  inFolder(async (folder) => {
    await using crcns = fakeCrcns(await filesOf(AC1_TINY, "crcns-ac1.zip"));
    const run = `${Deno.execPath()} run -A ${REROUTE.join(" ")} ` +
      `examples/wehr.ts --download --data ${folder}`;
    // `script` gives the program a terminal.
    const { stdout } = await new Deno.Command("script", {
      args: ["-qec", run, "/dev/null"],
      cwd: decodeURIComponent(new URL("../../", import.meta.url).pathname),
      env: { ...LOGIN, NO_COLOR: "1", REROUTE: routesTo(crcns) },
      stdin: "null",
    }).output();
    const out = new TextDecoder().decode(stdout);
    assertStringIncludes(out, `\r\x1b[K[${"#".repeat(24)}] 5.4 MB of 5.4 MB, `);
    assertStringIncludes(out, `\r\x1b[K[${".".repeat(24)}] 0 kB of 5.4 MB`);
    assertEquals(tracesIn(out), []);
  }));
