import { writeSyntheticWingert } from "rxephys/synthetic";
import { fromFileUrl } from "@std/path";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { tracesIn } from "../support/servers/account_traces.ts";
import { ACCOUNT, fakeCrcns } from "../support/servers/fake_crcns.ts";
import { type CommandRun, runCommand } from "./_run_command.ts";

const REROUTE = fromFileUrl(
  new URL("../support/servers/reroute.ts", import.meta.url),
);

Deno.test("rxephys download: files of a publisher, and only once", () =>
  inFolder(async (folder) => {
    const bytes = await Deno.readFile(`${AC1_TINY}crcns-ac1.zip`);
    await using crcns = fakeCrcns({ "crcns-ac1.zip": { bytes } });
    const { login, download } = crcns.hosts;
    const routes = {
      "https://crcns.org": login,
      "https://download.crcns.org": download,
    };
    const run = (...flags: string[]): Promise<CommandRun> =>
      runCommand(
        [
          ...["download", "crcns-ac1", folder, "--files", "crcns-ac1.zip"],
          ...flags,
        ],
        {
          flags: ["--preload", REROUTE],
          env: {
            REROUTE: JSON.stringify(routes),
            CRCNS_USERNAME: ACCOUNT.username,
            CRCNS_PASSWORD: ACCOUNT.password,
          },
        },
      );
    const first = await run();
    assertEquals(first.code, 0, first.err);
    assertEquals(first.out, `${folder}/crcns-ac1.zip (5.4 MB)\n`);
    assertStringIncludes(first.err, "crcns-ac1.zip: downloading");
    assertStringIncludes(first.err, "5.4 MB of 5.4 MB, ");
    assertStringIncludes(first.err, "crcns-ac1.zip: done\n");
    const second = await run("--json", "--quiet");
    const { dataset, files: [file] } = JSON.parse(second.out);
    assertEquals([dataset, file.wasThere, second.err], [
      "crcns-ac1",
      true,
      "",
    ]);
    assertEquals(crcns.log.of("crcns-ac1.zip").length, 1);
    assertEquals(tracesIn(first.err + first.out + second.out), []);

    const { code, err } = await runCommand(
      ["download", "crcns-ac1", folder, "--files", "crcns-ac1.zip"],
      { env: { CRCNS_USERNAME: "", CRCNS_PASSWORD: "" } },
    );
    assertEquals(code, 1);
    assertEquals(
      err,
      "error: Cannot log in to CRCNS: CRCNS_USERNAME is not set, expected that " +
        "of a free account (https://crcns.org/request-account)\n",
    );
    const wrong = await runCommand(["download", "crcns-ac1", "--files", "x"]);
    assertEquals([wrong.code, wrong.err], [
      2,
      "error: Cannot download: files is x, expected some of crcns-ac1.zip, " +
      "crcns-ac1-asari-results-1.zip, crcns-ac1-asari-results-2.zip\n",
    ]);
  }));

Deno.test("rxephys synth: the files of the writer, for a seed and a size", () =>
  inFolder(async (folder) => {
    const { code, out, err } = await runCommand([
      ...["synth", "wingert2026", `${folder}/a`, "--seed", "3", "--scale", "2"],
      ...["--sounds", "--json"],
    ]);
    assertEquals(code, 0, err);
    const { dataset, dir, bytes } = JSON.parse(out);
    assertEquals([dataset, dir, bytes > 1e6], [
      "wingert2026",
      `${folder}/a`,
      true,
    ]);
    await writeSyntheticWingert(`${folder}/b`, {
      seed: 3,
      scale: 2,
      sounds: true,
    });
    const names = ["recordings.zip", "wav.zip", "cell_list.csv", "truth.json"];
    for (const name of names) {
      assertEquals(
        await Deno.readFile(`${folder}/a/${name}`),
        await Deno.readFile(`${folder}/b/${name}`),
      );
    }
    const wrong = await runCommand(
      ["synth", "crcns-ac1", folder, "--scale", "huge"],
    );
    assertEquals([wrong.code, wrong.err], [
      2,
      "error: Cannot write synthetic AC1: scale is huge, expected tiny, small, " +
      "medium, large or a number\n",
    ]);
  }));
