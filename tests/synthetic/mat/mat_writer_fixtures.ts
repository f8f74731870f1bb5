/**
 * Rewrites tests/fixtures/mat_writer/*.mat; mat_writer_reference.py then records
 * what SciPy reads from them.
 *
 *     deno run -A tests/synthetic/mat/mat_writer_fixtures.ts
 *
 * @module
 */
import { writeMat } from "../../../src/synthetic/mat/mat_writer.ts";
import { WRITER_CASE, WRITER_LAYOUTS } from "./_mat_writer_case.ts";

for (const layout of WRITER_LAYOUTS) {
  const name = `${layout.version}-${layout.byteOrder}.mat`;
  const url = new URL(`../../fixtures/mat_writer/${name}`, import.meta.url);
  Deno.writeFileSync(url, writeMat(WRITER_CASE, layout));
}
