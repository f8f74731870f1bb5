import { asari, eachSession, wingert2026 } from "rxephys";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { runCommand } from "./_run_command.ts";

Deno.test("rxephys ls: a table of sessions, and what they are together", async () => {
  const { code, out, err } = await runCommand(["ls", AC1_TINY]);
  assertEquals(code, 0, err);
  const lines = out.split("\n");
  assertEquals(lines.slice(0, 2), [
    "SESSION           CELLS  SITE  RECORDING      ANIMAL  DATE",
    "20020508-mw-001       1  A1    whole-cell     mw      20020508",
  ]);
  assertEquals(lines.slice(-3), [
    "",
    "CRCNS AC1: 8 sessions, 8 cells",
    "",
  ]);
  assertStringIncludes(err, "warning (mixed-signals): ");
});

Deno.test("rxephys ls --json: the sessions of the source, chosen by flags", async () => {
  const args = ["--dataset", "asari", "--sites", "MGB", "--json", "--quiet"];
  const { code, out, err } = await runCommand(["ls", AC1_TINY, ...args]);
  assertEquals([code, err], [0, ""]);
  const sessions = await Array.fromAsync(
    eachSession(asari(AC1_TINY, { sites: "MGB" })),
    ({ id, cells }) => ({ id, cells }),
  );
  assertEquals(JSON.parse(out), {
    dataSet: "asari",
    data: AC1_TINY,
    sessions: JSON.parse(JSON.stringify(sessions)),
    warnings: [],
  });
});

Deno.test("rxephys ls: cells of Wingert 2026 by area", async () => {
  const { out } = await runCommand(
    ["ls", WINGERT_SMALL, "--area", "A1,PEG", "--json"],
  );
  const sessions = await Array.fromAsync(
    eachSession(wingert2026(WINGERT_SMALL, { area: ["A1", "PEG"] })),
  );
  const { dataSet, sessions: listed } = JSON.parse(out);
  assertEquals(dataSet, "wingert2026");
  assertEquals(
    listed.map(({ id }: { id: string }) => id),
    sessions.map(({ id }) => id),
  );
});

Deno.test("rxephys ls: one kind of signal", async () => {
  const { out } = await runCommand(
    ["ls", AC1_TINY, "--signal", "spikes", "-q"],
  );
  assertEquals(out.split("\n").slice(1), [
    "20050312-ha3-003      1  MGB   cell-attached  ha3     20050312",
    "",
    "CRCNS AC1: 1 session, 1 cell",
    "",
  ]);
});
