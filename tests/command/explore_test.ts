import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { rangeServer } from "../support/servers/range_server.ts";
import { runCommand, startCommand } from "./_run_command.ts";

Deno.test("rxephys explore: passes ranges of a server on", async () => {
  const zip = await Deno.readFile(`${AC1_TINY}crcns-ac1.zip`);
  await using server = rangeServer({ "crcns-ac1.zip": zip });
  const address = `${server.url}crcns-ac1.zip`;
  const command = startCommand(["explore", address, "--json", "--quiet"]);
  const reader = command.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  try {
    let line = "";
    while (!line.includes("\n")) line += (await reader.read()).value ?? "";
    const { url } = JSON.parse(line) as { readonly url: string };
    const start = await fetch(`${url}start.json`);
    assertEquals(await start.json(), {
      data: "data/archive.zip",
      name: address,
    });
    const range = "bytes=1000-1200999";
    const part = await fetch(`${url}data/archive.zip`, { headers: { range } });
    assertEquals(part.status, 206);
    const bytes = new Uint8Array(await part.arrayBuffer());
    const expected = zip.subarray(1000, 1_201_000);
    assertEquals(bytes.length, expected.length);
    assert(bytes.every((byte, i) => byte === expected[i]), "bytes differ");
    const foreign = await fetch(new URL("/", url));
    assertEquals(foreign.status, 404);
    await foreign.body?.cancel();
  } finally {
    await reader.cancel();
    command.kill("SIGINT");
  }
  assertEquals((await command.status).code, 130);
  await command.stderr.cancel();
});

Deno.test("rxephys explore --write-page: static files that need no server", () =>
  inFolder(async (folder) => {
    const { code, out } = await runCommand(
      ["explore", "--write-page", `${folder}/page`, "--json"],
    );
    assertEquals(code, 0);
    const { files } = JSON.parse(out) as { readonly files: readonly string[] };
    const names = ["index.html", "page.css", "page.js", "worker.js"];
    assertEquals(files.toSorted(), ["figure.js", ...names]);
    for (const name of files) {
      const text = await Deno.readTextFile(`${folder}/page/${name}`);
      assert(text.length > 1000, name);
      assertEquals(text.match(/^import\b.*|\b(?:require)\(["']node:/gm), null);
    }
  }));

Deno.test("rxephys explore: an extracted folder is refused", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/wehr`);
    const { code, err } = await runCommand(["explore", folder]);
    assertEquals(code, 1);
    assert(
      err.startsWith("error: Cannot serve the data: there are no zips"),
      err,
    );
  }));
