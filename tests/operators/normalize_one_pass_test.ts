import {
  type NeuralDataset,
  normalize,
  type NormalizeMethod,
  type NormalizeRanges,
  RecordingError,
  type Session,
  shuffleBuffer,
  type SinkProgress,
  toDataset,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import {
  concat,
  filter,
  from,
  lastValueFrom,
  map,
  type MonoTypeOperatorFunction,
  of,
  share,
  take,
} from "rxjs";
import { withLineage } from "../../src/stream/lineage.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { countFiles } from "../support/archives/file_counts.ts";
import { itemAt } from "../support/item_at.ts";
import { sfc32 } from "../../src/base/random.ts";
import { type ReadLog, tensorSession } from "./_normalize_case.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";

const random = sfc32(7);

function drawn(length: number): number[] {
  return Array.from({ length }, () => Math.fround(9 * random() / 2 ** 32));
}

const SOUNDS = [5, 7, 5].map((bins) => ({
  shape: [1, 2, bins],
  data: drawn(2 * bins),
}));
/** `[sound][repeat][bin]` of four cells. */
const COUNTS = [2, 1, 3, 2].map((repeats) =>
  SOUNDS.map(({ shape }) =>
    Array.from({ length: repeats }, () => drawn(itemAt(shape, 2)))
  )
);

/** Sessions of two cells and two stimuli; the second cell misses the second one. */
function sessions(log: ReadLog = []): Session[] {
  return ["a", "b", "c"].map((id, i) => {
    const heard = [i, (i + 1) % 3];
    const [first, second] = [itemAt(COUNTS, i), itemAt(COUNTS, i + 1)];
    return tensorSession(
      id,
      heard.map((sound) => itemAt(SOUNDS, sound)),
      [
        heard.map((sound) => itemAt(first, sound)),
        [itemAt(second, itemAt(heard, 0)), null],
      ],
      { log },
    );
  });
}

type Method = NormalizeRanges["method"];
type Chain = (
  normalizing: () => MonoTypeOperatorFunction<Session>,
  given: Session[],
) => ReturnType<typeof concat<Session[]>>;

/** Streams that normalize in one place, or several. */
const CHAINS: Readonly<Record<string, Chain>> = {
  "at the end": (normalizing, given) => from(given).pipe(normalizing()),
  "twice": (normalizing, given) =>
    from(given).pipe(normalizing(), normalizing()),
  "before take": (normalizing, given) =>
    from(given).pipe(normalizing(), take(1)),
  "before filter": (normalizing, given) =>
    from(given).pipe(normalizing(), filter(({ id }) => id !== "a")),
  "before a new name": (normalizing, given) =>
    from(given).pipe(
      normalizing(),
      map((session) => ({ ...session, id: `${session.id}!` })),
    ),
  "behind a part of every session": (normalizing, given) =>
    from(given).pipe(map(withoutFirst), normalizing()),
  "before shuffleBuffer": (normalizing, given) =>
    from(given).pipe(normalizing(), shuffleBuffer({ seed: 3 })),
  "behind shuffleBuffer": (normalizing, given) =>
    from(given).pipe(shuffleBuffer({ seed: 3 }), normalizing()),
  "in one of two streams": (normalizing, given) =>
    concat(
      from(given.slice(0, 1)),
      from(given.slice(1)).pipe(normalizing()),
    ),
  "in each of two streams": (normalizing, given) =>
    concat(
      from(given.slice(0, 1)).pipe(normalizing()),
      from(given.slice(1)).pipe(normalizing()),
    ),
};

/** The session without its first presentation, which still counts for ranges. */
function withoutFirst(whole: Session): Session {
  return withLineage({
    ...whole,
    presentations: async (options) =>
      (await whole.presentations(options)).slice(1),
  }, { whole });
}

/** Ranges of the given sessions, found by other means than a sink's. */
function dataset(
  chain: Chain,
  method: Method,
  given: Session[],
): Promise<NeuralDataset> {
  return lastValueFrom(
    chain(() => normalize({ method }), given).pipe(toDataset()),
  );
}

/** The dataset by two passes: ranges are found, then given to another stream. */
async function twoPasses(
  chain: Chain,
  method: Method,
): Promise<NeuralDataset> {
  const found: NormalizeRanges[] = [];
  const note = (ranges: NormalizeRanges): void => void found.push(ranges);
  const noting = (): MonoTypeOperatorFunction<Session> =>
    normalize({ method, onRanges: note });
  await lastValueFrom(chain(noting, sessions()).pipe(toDataset()));
  return await lastValueFrom(
    chain(
      () => normalize({ method, ranges: itemAt(found.splice(0, 1), 0) }),
      sessions(),
    ).pipe(toDataset()),
  );
}

function contentOf(
  { stims, responses, nrnMasks, nrnMeta, stimMeta }: NeuralDataset,
): unknown {
  return { stims, responses, nrnMasks, nrnMeta, stimMeta };
}

for (const [name, chain] of Object.entries(CHAINS)) {
  for (const method of ["global", "bandAndNeuron"] as const) {
    Deno.test(`normalize ${name}: ${method} in one pass equals two passes`, async () => {
      const log: ReadLog = [];
      const made = await dataset(chain, method, sessions(log));
      assertEquals(contentOf(made), contentOf(await twoPasses(chain, method)));
      const again = log.filter((read, at) =>
        !read.endsWith("list") && log.indexOf(read) !== at
      );
      const isRead = name === "before shuffleBuffer";
      assertEquals(again.length > 0, isRead, String(again));
    });
  }
}

Deno.test("normalize: a dataset's sessions normalized again leave the dataset as it is", async () => {
  const made = await dataset(
    itemAt(Object.values(CHAINS), 0),
    "global",
    sessions(),
  );
  const before = structuredClone(contentOf(made));
  const again = await lastValueFrom(
    made.sessions().pipe(normalize(), toDataset()),
  );
  assertEquals(contentOf(made), before);
  assert(again.stims[0]?.data !== made.stims[0]?.data);
});

Deno.test("normalize: of two sinks of one stream each gets the same", async () => {
  const log: ReadLog = [];
  const shared = from(sessions(log)).pipe(normalize(), share());
  const [one, other] = await Promise.all([
    lastValueFrom(shared.pipe(toDataset())),
    lastValueFrom(shared.pipe(toDataset())),
  ]);
  assertEquals(contentOf(one), contentOf(other));
  assertEquals(
    contentOf(one),
    contentOf(
      await lastValueFrom(
        from(sessions()).pipe(normalize(), toDataset()),
      ),
    ),
  );
});

Deno.test("normalize: a failure in the pass reaches the sink; the next subscription starts over", async () => {
  let fails = true;
  const [first, second] = sessions();
  const broken: Session = {
    ...(second as Session),
    presentations: () =>
      fails
        ? Promise.reject(new RecordingError("broken"))
        : (second as Session).presentations(),
  };
  const made = of(first as Session, broken).pipe(normalize(), toDataset());
  await assertRejects(() => lastValueFrom(made), RecordingError, "broken");
  fails = false;
  const whole = from(sessions().slice(0, 2)).pipe(normalize(), toDataset());
  assertEquals(
    contentOf(await lastValueFrom(made)),
    contentOf(await lastValueFrom(whole)),
  );
});

Deno.test("normalize: progress counts what the pass reads", async () => {
  const seen: SinkProgress[] = [];
  await lastValueFrom(
    from(sessions()).pipe(
      normalize(),
      toDataset({ onProgress: (progress) => seen.push(progress) }),
    ),
  );
  const counts = seen.map(({ presentationsDone }) => presentationsDone);
  assertEquals(counts.slice(0, 6), [1, 2, 3, 4, 5, 6]);
  assertEquals(new Set(counts.slice(6)), new Set([6]));
  assertEquals(seen.at(-1), {
    sessionsDone: 3,
    sessionsTotal: 3,
    presentationsDone: 6,
  });
});

Deno.test("normalize: a dataset of a release reads each byte once", async () => {
  const folder = await Deno.makeTempDir();
  const bytesOf = async (normalize: NormalizeMethod): Promise<number> => {
    let bytes = 0;
    await countFiles(async (counts) => {
      await lastValueFrom(
        wingert2026(WINGERT_SMALL, {
          indexFolder: folder,
          // No session stays in memory.
          maxCacheBytes: 0,
        }).pipe(wingert2026Pipeline({ normalize }), toDataset()),
      );
      bytes = counts.bytes;
    });
    return bytes;
  };
  try {
    await bytesOf("none");
    assertEquals(await bytesOf("bandAndNeuron"), await bytesOf("none"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("normalize: one pass in workers equals one without", async () => {
  const read = async (parallel: number | false): Promise<unknown> =>
    contentOf(
      await lastValueFrom(
        wingert2026(WINGERT_SMALL, { subset: "est" })
          .pipe(wingert2026Pipeline({ parallel }), toDataset()),
      ),
    );
  assertEquals(await read(2), await read(false));
});
