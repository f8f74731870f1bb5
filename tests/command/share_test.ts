import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { inFolder } from "../support/in_folder.ts";
import { runCommand } from "./_run_command.ts";
import {
  keepSessions,
  readDataset,
  toDataset,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { lastValueFrom } from "rxjs";
import { itemAt } from "../support/item_at.ts";

async function listed(...flags: string[]): Promise<string[]> {
  const args = ["ls", AC1_TINY, "--json", "--quiet", ...flags];
  const { out } = await runCommand(args);
  return JSON.parse(out).sessions.map(({ id }: { id: string }) => id);
}

Deno.test("--shard: the runs of all shares list every session once", async () => {
  const all = await listed();
  const shares = await Promise.all(
    ["0/3", "1/3", "2/3"].map((share) => listed("--shard", share)),
  );
  assertEquals(shares.map(({ length }) => length), [3, 3, 2]);
  assertEquals(shares.flat().sort(), all.toSorted());
});

Deno.test("--session: info counts only the named sessions", async () => {
  const [first = "", , third = ""] = await listed();
  const flags = ["--session", third, "--session", first, "--json", "-q"];
  const { out } = await runCommand(["info", AC1_TINY, ...flags]);
  const { sessions } = JSON.parse(out);
  assertEquals(
    sessions.map(({ id }: { id: string }) => id),
    [first, third],
  );
});

Deno.test("convert --session: values are normalized by the ranges of all sessions", () =>
  inFolder(async (folder) => {
    const stream = wingert2026(WINGERT_SMALL).pipe(wingert2026Pipeline());
    const ids: string[] = [];
    await stream.forEach(({ id }) => void ids.push(id));
    const id = itemAt(ids, 1);
    const out = `${folder}/one.npz`;
    const args = ["convert", WINGERT_SMALL, out, "--session", id];
    const { code, err } = await runCommand(args);
    assertEquals(code, 0, err);
    const found = await readDataset(out);
    const expected = await lastValueFrom(
      stream.pipe(keepSessions([id]), toDataset()),
    );
    assertEquals(found.stims, expected.stims);
    assertEquals(found.responses, expected.responses);
  }));

const REFUSED: readonly [flags: string[], message: string][] = [
  [["--shard", "4/4"], "Expected the number of a share and how many there are"],
  [["--shard", "1"], "Expected the number of a share and how many there are"],
  [
    ["--shard", "0/2", "--session", "x"],
    "Cannot take a shard: --shard and --session are given, expected one",
  ],
  [
    ["--session", "20020508-mw-01"],
    'Cannot keep sessions: ids has "20020508-mw-01", expected one of the 8 ' +
    "sessions of the stream, such as 20020508-mw-001",
  ],
];

for (const [flags, message] of REFUSED) {
  Deno.test(`${flags.join(" ")} is a wrong call`, async () => {
    const { code, err } = await runCommand(["ls", AC1_TINY, "-q", ...flags]);
    assertEquals(code, 2, err);
    assertStringIncludes(err.replaceAll(/\s+/g, " "), message);
  });
}
