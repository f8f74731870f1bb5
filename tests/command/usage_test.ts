import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { runCommand } from "./_run_command.ts";

/** Wrong calls and faulty data: arguments, exit code, and the line on stderr. */
const FAILURES: readonly [
  args: readonly string[],
  code: number,
  err: string,
][] = [
  [["lss"], 2, "error: unknown command 'lss'\n(Did you mean ls?)\n"],
  [["ls"], 2, "error: missing required argument 'data'\n"],
  [
    ["convert", "x", "y.npz", "--fmx", "5"],
    2,
    "error: unknown option '--fmx'\n(Did you mean --fmax?)\n",
  ],
  [
    ["convert", "x", "y.npz", "--dt", "five"],
    2,
    "error: option '--dt <ms>' argument 'five' is invalid. Expected a number.\n",
  ],
  [
    ["convert", "--parallel", "x", "y.npz"],
    2,
    "error: option '--parallel [n]' argument 'x' is invalid. Expected a number; " +
    "without one, write the flag behind the paths.\n",
  ],
  [
    ["convert", "x", "y.csv"],
    2,
    "error: Cannot convert: out is y.csv, expected a name that ends with " +
    ".ndjson, .npz, .safetensors, .zarr, or - for NDJSON on standard output\n",
  ],
  [
    ["convert", AC1_TINY, "-", "--resume"],
    2,
    "error: Cannot write NDJSON: overwrite or resume is given with a stream, " +
    "expected a path\n",
  ],
  [
    ["convert", AC1_TINY, "-", "--dt", "-3"],
    2,
    "error: Cannot bin: --dt is -3, expected a number above 0, at most 10000\n",
  ],
  [
    ["ls", AC1_TINY, "--area", "A1"],
    2,
    "error: Cannot read CRCNS AC1: --area is given, expected it only for " +
    "wingert2026\n",
  ],
  [
    ["ls", "wingret2026"],
    1,
    "error: Cannot recognize the data set: nothing is there, expected a path, " +
    "an address, or one of crcns-ac1, wehr, asari, wingert2026; did you mean " +
    'wingert2026? (archive "wingret2026"); `rxephys download` fetches a data ' +
    "set, `rxephys synth` makes one up\n",
  ],
  [
    ["synth", "wingert2026", "x", "--response", "linear"],
    2,
    "error: Cannot make up wingert2026: --response is given, expected it for " +
    "crcns-ac1\n",
  ],
];

for (const [args, code, err] of FAILURES) {
  Deno.test(`rxephys ${args.join(" ").replace(AC1_TINY, "DATA")}: exit code ${code}`, async () => {
    const run = await runCommand(args);
    assertEquals(run, { code, out: "", err });
  });
}

Deno.test("rxephys: without a subcommand the help is on stderr", async () => {
  const { code, out, err } = await runCommand([]);
  assertEquals([code, out], [2, ""]);
  assertStringIncludes(err, "Usage: rxephys [options] [command]\n");
});

Deno.test("rxephys --debug: the stack, with the error behind it", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/crcns-ac1.zip`, "no zip");
    const quiet = await runCommand(["ls", folder]);
    assertEquals(quiet.code, 1);
    assertEquals(quiet.err.split("\n").length, 2, quiet.err);
    const { code, err } = await runCommand(["ls", folder, "--debug"]);
    assertEquals(code, 1);
    assertStringIncludes(err, quiet.err);
    assertStringIncludes(err, "ArchiveError: ");
    assertStringIncludes(err, "/src/archive/zip/");
  }));

Deno.test("rxephys --version is that of the package", async () => {
  const { version } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  const { code, out } = await runCommand(["--version"]);
  assertEquals([code, out], [0, `${version}\n`]);
});
