import {
  type NeuralDataset,
  readDataset,
  type Session,
  toDataset,
  toNdjson,
} from "rxephys";
import { concat, from, lastValueFrom, type Observable } from "rxjs";
import { withLineage } from "../../src/stream/lineage.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { FILE_SINKS } from "../support/sessions/file_sinks.ts";
import { inFolder } from "../support/in_folder.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { seeded, whole } from "../support/sessions/traces.ts";

/** Everything in a dataset. */
function everything(dataset: NeuralDataset): unknown {
  const { stims, stimKeys, responses, nrnMasks, stimMeta, nrnMeta } = dataset;
  const { dt, F, samplesPerBin, signalType, tally } = dataset;
  return {
    ...{ stims, stimKeys, responses, nrnMasks, stimMeta, nrnMeta, tally },
    ...{ dt, F, samplesPerBin, signalType },
  };
}

/** Lines of NDJSON. */
async function linesOf(sessions: Observable<Session>): Promise<string[]> {
  const pieces: Uint8Array[] = [];
  const target = new WritableStream<Uint8Array>({
    write: (piece) => void pieces.push(piece),
  });
  await lastValueFrom(sessions.pipe(toNdjson(target)));
  return (await new Blob(pieces as BlobPart[]).text()).split("\n");
}

/** Random sessions; the parts of one session share a block. */
interface RandomStream {
  readonly blocks: Session[][];
  /** Whether repeats end before their stimulus. */
  readonly isRagged: boolean;
}

/**
 * Two to five sessions with 1 to 3 cells and shared stimuli, in random order. Half
 * of the streams have a table of cells; some split each session into two parts.
 */
function randomStream(random: () => number): RandomStream {
  const hasTable = random() < 0.5;
  const isRagged = random() < 0.3;
  const hasParts = random() < 0.3;
  let number = 0;
  const blocks = Array.from({ length: whole(random, 2, 5) }, (_, i) => {
    const session = randomSession(`s${i % 4}`, random, isRagged);
    if (!hasTable) return hasParts ? inParts(session) : [session];
    const cells = session.cells
      .map((cell) => ({ ...cell, signalType: "subthresh" as const }));
    const cellNumbers = cells.map(() => number++).reverse();
    const listed = withLineage({ ...session, cells }, { cellNumbers });
    return hasParts ? inParts(listed) : [listed];
  });
  return { blocks: blocks.sort(() => random() - 0.5), isRagged };
}

function randomSession(
  id: string,
  random: () => number,
  isRagged: boolean,
): Session {
  const cells = whole(random, 1, 3);
  const stimuli = [..."abcdef"].map((key, i) => ({ key, bins: 3 + i % 3 }));
  const heard = stimuli.filter(() => random() < 0.6).map(({ key, bins }) => {
    const length = isRagged ? whole(random, 1, bins) : bins;
    const repeat = (): number[] => Array.from({ length }, () => random());
    const repeats = Array.from({ length: cells }, () => {
      const count = whole(random, 0, 3);
      return count === 0 ? null : Array.from({ length: count }, repeat);
    });
    const range = whole(random, 0, 2);
    return { key, bins, repeats, tally: { range, step: 0, xcorr: 1, kept: 2 } };
  });
  return readySession(id, cells, heard);
}

/** Splits a session into two parts with the same cells. */
function inParts(session: Session): Session[] {
  const part = (from: number, to?: number): Session =>
    withLineage({
      ...session,
      presentations: async (options) =>
        (await session.presentations(options)).slice(from, to),
    }, { partOf: session });
  return [part(0, 1), part(1)];
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
      assertEquals(everything(kept), everything(direct), `seed ${seed}`);
      const again = await lastValueFrom(kept.sessions().pipe(toDataset()));
      assertEquals(everything(again), everything(direct), `seed ${seed}`);
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
        everything(await lastValueFrom(merged.pipe(toDataset()))),
        everything(direct),
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
