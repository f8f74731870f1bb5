import {
  crcnsAc1,
  crcnsAc1Pipeline,
  type NeuralDataset,
  parallel,
  type Session,
  shuffleBuffer,
  toAsyncIterable,
  toDataset,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { lastValueFrom, map, type Observable, take, toArray } from "rxjs";
import { Worker } from "node:worker_threads";
import {
  lineageOf,
  withLineage,
  type WorkerSource,
} from "../../src/stream/lineage.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { itemAt } from "../support/item_at.ts";

const CORES = navigator.hardwareConcurrency;

/** Sessions that would take a minute each, as far as `parallel()` knows. */
function large(sessions: Observable<Session>): Observable<Session> {
  return sessions.pipe(map((session) =>
    withLineage(session, {
      source: {
        ...lineageOf(session).source as WorkerSource,
        workMs: 60_000,
      },
    })
  ));
}

/** Number of workers that were asked for something during a run. */
async function workersOf(run: () => Promise<unknown>): Promise<number> {
  const { postMessage } = Worker.prototype;
  const used = new Set<Worker>();
  Worker.prototype.postMessage = function (...args): void {
    used.add(this);
    postMessage.apply(this, args);
  };
  try {
    await run();
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
  return used.size;
}

function datasetOf(sessions: Observable<Session>): Promise<NeuralDataset> {
  return lastValueFrom(sessions.pipe(toDataset()));
}

function contentOf(
  { stims, responses, stimMeta, nrnMeta, tally }: NeuralDataset,
): unknown {
  return { stims, responses, stimMeta, nrnMeta, tally };
}

const STREAMS = {
  "CRCNS AC1": (isParallel: boolean, sessions = crcnsAc1(AC1_TINY)) =>
    sessions.pipe(crcnsAc1Pipeline({ parallel: isParallel })),
  "Wingert 2026": (
    isParallel: boolean,
    sessions = wingert2026(WINGERT_SMALL),
  ) => sessions.pipe(wingert2026Pipeline({ parallel: isParallel })),
};
const SOURCES = {
  "CRCNS AC1": () => crcnsAc1(AC1_TINY),
  "Wingert 2026": () => wingert2026(WINGERT_SMALL),
};

for (const name of ["CRCNS AC1", "Wingert 2026"] as const) {
  const stream = STREAMS[name];

  Deno.test(`parallel: a small release of ${name} starts no worker`, async () => {
    let many: NeuralDataset | undefined;
    const workers = await workersOf(async () => {
      many = await datasetOf(stream(true));
    });
    assertEquals(workers, 0);
    assertEquals(
      contentOf(many as NeuralDataset),
      contentOf(await datasetOf(stream(false))),
    );
  });

  Deno.test(`parallel: a large release of ${name} uses each core, to the same bits`, async () => {
    let many: NeuralDataset | undefined;
    const workers = await workersOf(async () => {
      many = await datasetOf(stream(true, large(SOURCES[name]())));
    });
    // The small release has few sessions; on many cores not all have one.
    assert(workers > 0 || CORES === 1, `${workers} workers`);
    // This thread reads, too.
    assert(workers < CORES, `${workers} workers`);
    assertEquals(
      contentOf(many as NeuralDataset),
      contentOf(await datasetOf(stream(false))),
    );
  });
}

Deno.test("parallel: a read without a sink needs no worker", async () => {
  const workers = await workersOf(async () => {
    const sessions = await lastValueFrom(
      crcnsAc1(AC1_TINY).pipe(parallel(), take(1), toArray()),
    );
    const listed = await itemAt(sessions, 0).presentations();
    await itemAt(listed, 0).read();
    await itemAt(listed, 0).stimulus.read();
  });
  assertEquals(workers, 0);
});

Deno.test("parallel: threads give the items of a shuffled stream in order", async () => {
  const keysOf = async (isParallel: boolean): Promise<string[]> => {
    const sessions = crcnsAc1(AC1_TINY).pipe(
      crcnsAc1Pipeline({ parallel: isParallel }),
      shuffleBuffer({ seed: 4 }),
    );
    const keys: string[] = [];
    for await (
      const { session, stimulus, responses } of toAsyncIterable(sessions, {
        prefetch: 2,
      })
    ) {
      const bins = responses.map((response) => response?.repeats[0]?.length);
      keys.push(JSON.stringify([session.id, stimulus.key, bins]));
    }
    return keys;
  };
  assertEquals(await keysOf(true), await keysOf(false));
});

Deno.test("parallel: leaving ends this thread's reads ahead", async () => {
  const sessions = STREAMS["Wingert 2026"](true);
  for await (const _ of toAsyncIterable(sessions)) break;
});
