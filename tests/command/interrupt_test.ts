import { crcnsAc1Pipeline, toNpz, wehr } from "rxephys";
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { rangeServer } from "../support/servers/range_server.ts";
import { inFolder } from "../support/in_folder.ts";
import { runCommand, startCommand } from "./_run_command.ts";

/** Release of some sessions, and the bytes that all of it gives. */
async function release(
  folder: string,
): Promise<{ data: string; whole: Uint8Array }> {
  const data = `${folder}/data`;
  await writeSyntheticAc1(data, { scale: 30 });
  const path = `${folder}/whole.npz`;
  await lastValueFrom(wehr(data).pipe(crcnsAc1Pipeline(), toNpz(path)));
  return { data, whole: await Deno.readFile(path) };
}

/** Sends a signal once a conversion has added a session to its journal. */
async function interrupted(
  data: string,
  out: string,
  signal: Deno.Signal,
  flags: readonly string[],
): Promise<{ code: number; err: string }> {
  const args = ["convert", data, out, "--dataset", "wehr", ...flags];
  const journal = `${out}.part.journal`;
  const before = Math.max(2, await linesOf(journal));
  const child = startCommand(args);
  while (await linesOf(journal) <= before) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill(signal);
  const { code, stderr } = await child.output();
  return { code, err: new TextDecoder().decode(stderr) };
}

async function linesOf(path: string): Promise<number> {
  try {
    return (await Deno.readTextFile(path)).split("\n").length;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

const namesIn = async (folder: string): Promise<string[]> =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

Deno.test("rxephys convert: Ctrl-C, SIGTERM and a kill leave nothing that looks whole, and --resume ends with the same bytes", () =>
  inFolder(async (folder) => {
    const { data, whole } = await release(folder);
    const out = `${folder}/out`;
    await Deno.mkdir(out);
    const file = `${out}/a.npz`;

    const plain = await interrupted(data, file, "SIGINT", []);
    assertEquals(plain.code, 130, plain.err);
    assertEquals(
      plain.err.split("\n").slice(-3),
      [
        "Nothing is kept; a call with --resume can be continued.",
        "interrupted by SIGINT",
        "",
      ],
    );
    assertEquals(await namesIn(out), []);

    const first = await interrupted(data, file, "SIGINT", ["--resume"]);
    assertEquals(first.code, 130, first.err);
    assertStringIncludes(
      first.err,
      `The same call continues after what ${file}.part holds.\n`,
    );
    const parts = await namesIn(out);
    assertEquals(parts.includes("a.npz.part"), true);
    assertEquals(parts.includes("a.npz"), false);

    const ended = await interrupted(data, file, "SIGTERM", ["--resume", "-q"]);
    assertEquals(ended, { code: 143, err: "interrupted by SIGTERM\n" });
    const killed = await interrupted(data, file, "SIGKILL", ["--resume"]);
    assertEquals(killed.code, 137);
    assertEquals((await namesIn(out)).includes("a.npz"), false);

    const args = ["convert", data, file, "--dataset", "wehr", "--resume", "-q"];
    const { code, err } = await runCommand(args);
    assertEquals([code, err], [0, ""]);
    assertEquals(await Deno.readFile(file), whole);
    assertEquals(await namesIn(out), ["a.npz"]);
  }));

Deno.test("rxephys convert: Ctrl-C in the pass of normalize removes what it keeps", () =>
  inFolder(async (folder) => {
    const [data, out] = [`${folder}/data`, `${folder}/out`];
    await writeSyntheticWingert(data, { scale: 10 });
    await Deno.mkdir(out);
    const child = startCommand(["convert", data, `${out}/a.npz`, "--quiet"]);
    while (await sizeOf(`${out}/a.npz.part.reads`) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    const said = new TextDecoder().decode(stderr);
    assertEquals([code, said], [130, "interrupted by SIGINT\n"]);
    assertEquals(await namesIn(out), []);
  }));

Deno.test("rxephys synth: Ctrl-C removes its files", () =>
  inFolder(async (folder) => {
    const dir = `${folder}/made`;
    const child = startCommand(["synth", "crcns-ac1", dir, "--scale", "400"]);
    while (await linesOf(`${dir}/crcns-ac1.zip.part`) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGINT");
    const { code } = await child.output();
    assertEquals(code, 130);
    assertEquals(await namesIn(dir), []);
  }));

Deno.test("rxephys: Ctrl-C ends a wait for a server", () =>
  inFolder(async (folder) => {
    const zip = await Deno.readFile(`${AC1_TINY}crcns-ac1.zip`);
    await using server = rangeServer({ "crcns-ac1.zip": zip });
    const url = `${server.url}crcns-ac1.zip`;
    const calls = [
      ["ls", url],
      ["info", url],
      ["convert", url, `${folder}/a.npz`],
      ["report", url, `${folder}/a.html`],
    ];
    for (const [at, args] of calls.entries()) {
      const waiting = Promise.withResolvers<void>();
      const never = Promise.withResolvers<Response>();
      let requests = 0;
      server.answering = () => {
        // The directory arrives, which is read twice; a trial never does.
        if (at > 0 && ++requests <= 2) return undefined;
        waiting.resolve();
        return never.promise;
      };
      const child = startCommand([...args, "--quiet"]);
      await Promise.race([waiting.promise, child.status]);
      child.kill("SIGINT");
      const { code, stderr } = await child.output();
      never.resolve(new Response(null, { status: 404 }));
      assertEquals(
        [args[0], code, new TextDecoder().decode(stderr)],
        [args[0], 130, "interrupted by SIGINT\n"],
      );
    }
    assertEquals(await namesIn(folder), []);
  }));
