import { createHash } from "node:crypto";
import { fromFileUrl } from "@std/path";
import { assert } from "../../support/assert.ts";
import { assertReadsAs } from "./_mat_assert.ts";
import { type MatReference, readReferences } from "./_mat_plain.ts";

/*
 * Every MATLAB file of SciPy's tests: the values match SciPy's, and files that
 * SciPy refuses are refused. `dump_mat.py` wrote the reference. Intended
 * differences, and how the reference allows for them:
 *
 * - Objects and function handles are not decoded here: class, class name and
 *   shape are compared.
 * - SciPy makes floats of both parts of a complex number, here they stay as
 *   they are stored: the numbers are compared, not their type.
 * - SciPy is asked for text as single characters (chars_as_strings=False);
 *   the reference joins them to the rows that are given here.
 * - Level 4 files and sparse matrices are refused here.
 */

const FIXTURES = new URL("../../fixtures/mat/", import.meta.url);
const DEBIAN = "/usr/lib/python3/dist-packages/scipy/io/matlab/tests/data";
const ASK_PYTHON = "import os, scipy; print(os.path.join(" +
  "os.path.dirname(scipy.__file__), 'io', 'matlab', 'tests', 'data'))";

Deno.test("mat5: SciPy's corpus", async (t) => {
  const folder = findCorpus();
  if (folder === undefined) {
    console.log(
      "SciPy's MATLAB corpus is not on this machine: nothing was compared. " +
        "Install Debian's python3-scipy, or `pip install scipy==1.10.1`, or " +
        "set SCIPY_MATLAB_DATA to its folder scipy/io/matlab/tests/data.",
    );
    return;
  }
  const files = readFolder(folder);
  assert(files.size > 100, `${folder} has ${files.size} .mat files`);
  const references = referencesFor(folder, files);
  for (const [name, file] of files) {
    const reference = references.get(name);
    if (reference === undefined) continue;
    await t.step(name, () => {
      assertReadsAs(file, reference);
    });
  }
});

function findCorpus(): string | undefined {
  const named = Deno.env.get("SCIPY_MATLAB_DATA");
  if (named !== undefined) {
    assert(isFolder(named), `SCIPY_MATLAB_DATA is ${named}, expected a folder`);
    return named;
  }
  const asked = python(["-c", ASK_PYTHON])?.trim();
  return [DEBIAN, asked].find((path) => path !== undefined && isFolder(path));
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Output of Python; undefined if it is missing or fails. */
function python(args: readonly string[]): string | undefined {
  try {
    const command = new Deno.Command("python3", { args: [...args] });
    const { success, stdout } = command.outputSync();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function readFolder(folder: string): Map<string, Uint8Array> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".mat")).sort();
  return new Map(
    names.map((name) => [name, Deno.readFileSync(`${folder}/${name}`)]),
  );
}

/** References of these very bytes; other SciPy releases have other files. */
function referencesFor(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, MatReference> {
  const references = readReferences(new URL("scipy_corpus.json", FIXTURES));
  const unknown = [...files].filter(([name, file]) =>
    references.get(name)?.sha256 !== sha256(file)
  ).map(([name]) => name);
  if (unknown.length === 0) return references;
  unknown.forEach((name) => references.delete(name));
  const script = fromFileUrl(new URL("dump_mat.py", FIXTURES));
  const dumped = python([script, folder]);
  if (dumped === undefined) {
    console.log(
      `SciPy's corpus has files of another release: ${unknown.join(", ")}. ` +
        "They were not compared, as python3 here has no SciPy: install it.",
    );
    return references;
  }
  const { files: fresh } = JSON.parse(dumped);
  unknown.forEach((name) => references.set(name, fresh[name]));
  return references;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
