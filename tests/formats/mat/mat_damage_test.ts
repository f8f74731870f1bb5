import { fromFileUrl } from "@std/path";
import { assert, assertEquals } from "../../support/assert.ts";
import type { DamageReport } from "./_mat_damage.ts";

const SCRIPT = new URL("_mat_damage.ts", import.meta.url);
const FIXTURES = new URL("../../fixtures/mat/", import.meta.url);
const MAX_CASE_MS = 1000;
const MAX_GROWTH = 256 * 2 ** 20;

Deno.test("mat5: cut and flipped files give a value or a typed error, fast and small", async () => {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fromFileUrl(SCRIPT), fromFileUrl(FIXTURES)],
    // A reader that hangs is ended by the signal, which fails the test.
    signal: AbortSignal.timeout(120_000),
  });
  const { success, stdout, stderr } = await command.output();
  assert(success, new TextDecoder().decode(stderr));
  const report: DamageReport = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(report.wrong, []);
  assert(report.values > 100 && report.refused > 500, JSON.stringify(report));
  assert(report.slowestMs < MAX_CASE_MS, `${report.slowestMs} ms`);
  assert(report.peakGrowth < MAX_GROWTH, `${report.peakGrowth} bytes`);
});
