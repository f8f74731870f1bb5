import { readDataset, toNdjson } from "rxephys";
import { lastValueFrom, of } from "rxjs";
import { assertEquals } from "../support/assert.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { itemAt } from "../support/item_at.ts";

// Found by fuzzing: such a pair lost its cell and caused a TypeError.
Deno.test("readDataset: keeps a response whose cell has no signal type", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.ndjson`;
  const session = readySession("s", 1, [
    { key: "a", bins: 2, repeats: [[[1, 2]]] },
  ]);
  await lastValueFrom<unknown>(of(session).pipe(toNdjson(path)));
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(
    path,
    text.replaceAll('"signalType"', '"signalTypo"'),
  );
  const { responses } = await readDataset(path);
  assertEquals([...itemAt(responses, 0)[0]?.data ?? []], [1, 2]);
  await Deno.remove(folder, { recursive: true });
});
