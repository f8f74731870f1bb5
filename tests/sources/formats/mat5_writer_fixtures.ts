/**
 * Writes tests/fixtures/mat5_writer/*.mat anew; mat5_writer_reference.py then
 * notes what SciPy reads out of them.
 *
 *     deno run -A tests/sources/formats/mat5_writer_fixtures.ts
 *
 * @module
 */
import { writeMat } from "../../../src/sources/formats/mat5_writer.ts";
import { WRITER_CASE, WRITER_LAYOUTS } from "./_mat5_writer_case.ts";

for (const layout of WRITER_LAYOUTS) {
  const name = `${layout.version}-${layout.byteOrder}.mat`;
  const url = new URL(`../../fixtures/mat5_writer/${name}`, import.meta.url);
  Deno.writeFileSync(url, writeMat(WRITER_CASE, layout));
}
