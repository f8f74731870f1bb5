import {
  type NeuralDataset,
  readDataset,
  type Session,
  toDataset,
  toNdjson,
} from "rxephys";
import { concat, from, lastValueFrom, type Observable } from "rxjs";
import { assert, assertEquals } from "../support/assert.ts";
import { FILE_SINKS } from "../support/sessions/file_sinks.ts";
import { inFolder } from "../support/in_folder.ts";
import { everythingIn } from "../support/sessions/everything_in.ts";
import { randomStream } from "../support/sessions/random_stream.ts";
import { seeded } from "../support/sessions/traces.ts";

/** Lines of NDJSON. */
async function linesOf(sessions: Observable<Session>): Promise<string[]> {
  const pieces: Uint8Array[] = [];
  const target = new WritableStream<Uint8Array>({
    write: (piece) => void pieces.push(piece),
  });
  await lastValueFrom(sessions.pipe(toNdjson(target)));
  return (await new Blob(pieces as BlobPart[]).text()).split("\n");
}

/** Cuts a list into parts of random lengths. */
function cut<Value>(values: readonly Value[], random: () => number): Value[][] {
  const parts: Value[][] = [[]];
  for (const value of values) {
    if (random() < 0.5) parts.push([]);
    parts.at(-1)?.push(value);
  }
  return parts.filter(({ length }) => length > 0);
}

function load(sessions: readonly Session[]): Promise<NeuralDataset> {
  return lastValueFrom(from(sessions).pipe(toDataset()));
}

async function isEmpty(sessions: readonly Session[]): Promise<boolean> {
  return await load(sessions).then(() => false, () => true);
}

/** Each way to store a dataset. */
const KEEP: Record<string, (sessions: Session[]) => Promise<NeuralDataset>> = {
  memory: load,
  ...Object.fromEntries(
    Object.entries(FILE_SINKS).map(([format, sink]) => [
      format,
      async (sessions: Session[]): Promise<NeuralDataset> => {
        let dataset: NeuralDataset | undefined;
        await inFolder(async (folder) => {
          await lastValueFrom(from(sessions).pipe(sink(`${folder}/x`)));
          dataset = await readDataset(`${folder}/x`);
        });
        assert(dataset !== undefined);
        return dataset;
      },
    ]),
  ),
};

for (const [way, keep] of Object.entries(KEEP)) {
  Deno.test(`datasets: a dataset in ${way} streams the sessions it was made from`, async () => {
    for (let seed = 0; seed < 30; seed++) {
      const sessions = randomStream(seeded(seed)).blocks.flat();
      if (await isEmpty(sessions)) continue;
      const direct = await load(sessions);
      const kept = await keep(sessions);
      assertEquals(everythingIn(kept), everythingIn(direct), `seed ${seed}`);
      const again = await lastValueFrom(kept.sessions().pipe(toDataset()));
      assertEquals(everythingIn(again), everythingIn(direct), `seed ${seed}`);
      assertEquals(
        await linesOf(kept.sessions()),
        await linesOf(direct.sessions()),
        `seed ${seed}`,
      );
    }
  });

  Deno.test(`datasets: sessions stored separately in ${way} and merged equal one load`, async () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = seeded(seed + 1000);
      const { blocks, isRagged } = randomStream(random);
      const groups = cut(blocks, random).map((group) => group.flat());
      const empty = await Promise.all(groups.map(isEmpty));
      const parts = groups.filter((_, i) => !empty[i]);
      if (parts.length === 0) continue;
      const datasets = [];
      for (const part of parts) datasets.push(await keep(part));
      const merged = concat(...datasets.map((dataset) => dataset.sessions()));
      const direct = await load(parts.flat());
      assertEquals(
        everythingIn(await lastValueFrom(merged.pipe(toDataset()))),
        everythingIn(direct),
        `seed ${seed}`,
      );
      if (isRagged) continue;
      assertEquals(
        await linesOf(merged),
        await linesOf(from(parts.flat())),
        `seed ${seed}`,
      );
    }
  });
}
