import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { runCommand } from "./_run_command.ts";

interface Counts {
  readonly id: string;
  readonly rateHz: number;
  readonly repeats: number;
  readonly cells: readonly unknown[];
  readonly stimuli: readonly { readonly seconds: number }[];
  readonly tally: Readonly<Record<string, number>>;
}

Deno.test("rxephys info: the gate's counts are those of the reference", async () => {
  const { code, out, err } = await runCommand(
    ["info", AC1_TINY, "--dataset", "wehr"],
  );
  assertEquals(code, 0, err);
  // As the golden file wehr.json has them, made with SciPy.
  assertStringIncludes(
    out,
    "Gate: 62 of 68 repeats kept; dropped for range 1, step 2, xcorr 3",
  );
  assertStringIncludes(
    out,
    "20020508-mw-001      1       4      4.8     4000       14        3",
  );
  assertStringIncludes(
    err,
    "5/5 sessions\n",
  );
  assertStringIncludes(err, "warning (unknown-stimulus): ");
});

Deno.test("rxephys info: options of the gate", async () => {
  const { out } = await runCommand(
    [
      "info",
      AC1_TINY,
      "--dataset",
      "wehr",
      "--min-correlation",
      "-1",
      "--json",
    ],
  );
  const { sessions, warnings } = JSON.parse(out);
  const xcorr = sessions.map(({ tally }: Counts) => tally.xcorr);
  assertEquals(xcorr, [0, 0, 0, 0, 0]);
  assertEquals(
    warnings.map(({ kind }: { kind: string }) => kind),
    ["undecodable", "unknown-stimulus"],
  );
});

Deno.test("rxephys info: one session, a row for each sound", async () => {
  const { code, out } = await runCommand(
    ["info", AC1_TINY, "20020508-mw-001", "-q"],
  );
  assertEquals(code, 0);
  assertEquals(out.split("\n").slice(3, 5), [
    "SOUND                                   CATEGORY   SECONDS  CELLS  " +
    "REPEATS  DROPPED",
    "natural sound stream (0-1.6 kHz), No.1  category2      1.2      1  " +
    "      3        2",
  ]);
});

Deno.test("rxephys info: a session that is not there", async () => {
  const { code, err } = await runCommand(
    ["info", AC1_TINY, "20020508-mw-007", "-q"],
  );
  assertEquals(code, 2);
  assertEquals(
    err,
    "error: Cannot read session: session is 20020508-mw-007, expected one of " +
      "the 8 that are there, such as 20020508-mw-001\n",
  );
});

Deno.test("rxephys info: Wingert 2026 has no gate", async () => {
  const { out } = await runCommand(["info", WINGERT_SMALL, "--json", "-q"]);
  const { sessions } = JSON.parse(out);
  const [first] = sessions as readonly Counts[];
  assertEquals(first?.id, "CLT027c");
  assertEquals(first?.rateHz, 100);
  assertEquals(first?.tally, { range: 0, step: 0, xcorr: 0, kept: 0 });
  assertEquals(first?.stimuli.map(({ seconds }) => seconds), [
    22,
    22,
    22,
    22,
    22,
  ]);
});
