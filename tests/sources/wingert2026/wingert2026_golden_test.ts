import {
  mask,
  normalize,
  type NormalizeRanges,
  type Session,
  smooth,
  toDataset,
  toNdjson,
  wingert2026,
  wingert2026Cells,
  type Wingert2026Options,
  wingert2026Pipeline,
} from "rxephys";
import {
  filter,
  lastValueFrom,
  type MonoTypeOperatorFunction,
  toArray,
} from "rxjs";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
} from "../../support/assert.ts";
import { lineageOf } from "../../../src/stream/lineage.ts";
import {
  assertGoldenWingert,
  camelCased,
  goldenWingert,
  WINGERT_SMALL,
} from "../../support/golden/golden_wingert.ts";
import { itemAt } from "../../support/item_at.ts";

const VARIANTS: Readonly<Record<string, Wingert2026Options>> = {
  "small": {},
  "small.A1": { area: "A1" },
  "small.PEG_AC": { area: ["PEG", "AC"] },
  "small.SLJ032a-B": { site: "SLJ032a-B" },
  "small.est": { subset: "est" },
  "small.two.val": { site: ["PRN015a", "CLT027c"], subset: "val" },
  "small.unlabeled": { includeUnlabeled: true },
};

for (const [name, options] of Object.entries(VARIANTS)) {
  Deno.test(`wingert2026: ${name} equals NumPy's result`, async () => {
    const golden = await goldenWingert(name);
    const dropped: string[] = [];
    const ranges: NormalizeRanges[] = [];
    const dataset = await lastValueFrom(
      wingert2026(WINGERT_SMALL, {
        ...options,
        onWarning: ({ kind, member, count }) => {
          assertEquals([kind, count], ["duplicate-recording", 1]);
          dropped.push(member.replace("recordings/", ""));
        },
      }).pipe(
        wingert2026Pipeline({
          normalize: "global",
          onRanges: (range, origin) => {
            assertEquals(origin, "first-pass");
            ranges.push(range);
          },
        }),
        toDataset(),
      ),
    );
    await assertGoldenWingert(dataset, name);
    assertEquals(dropped, golden.dropped_archives as string[]);
    const { stim: stimulus, resp: response } = golden.range_before_norm;
    assertEquals<unknown>(ranges, [{ method: "global", stimulus, response }]);
  });

  Deno.test(`wingert2026Cells: ${name}`, async () => {
    const { nrn_meta: expected } = await goldenWingert(name);
    const { subset: _, ...filters } = options;
    const cells = await wingert2026Cells(WINGERT_SMALL, filters);
    assertEquals<unknown>(cells, expected.map(camelCased));
  });
}

Deno.test("wingert2026: raw counts and magnitudes, with or without a pipeline", async () => {
  const chains: MonoTypeOperatorFunction<Session>[] = [
    wingert2026Pipeline({ normalize: "none" }),
    (sessions) => sessions,
    mask(),
    smooth(),
  ];
  for (const chain of chains) {
    const dataset = await lastValueFrom(
      wingert2026(WINGERT_SMALL).pipe(chain, toDataset()),
    );
    await assertGoldenWingert(dataset, "small.raw");
  }
});

Deno.test("wingert2026: smoothing over 21 ms has no effect", async () => {
  const dataset = await lastValueFrom(
    wingert2026(WINGERT_SMALL).pipe(
      wingert2026Pipeline({ normalize: "global" }),
      smooth({ windowMs: 21 }),
      toDataset(),
    ),
  );
  await assertGoldenWingert(dataset, "small");
});

Deno.test("wingert2026: by band and neuron, equals the public loader", async () => {
  const { range_before_norm: range } = await goldenWingert("small.channel_log");
  let found: NormalizeRanges | undefined;
  const dataset = await lastValueFrom(
    wingert2026(WINGERT_SMALL).pipe(
      wingert2026Pipeline({ onRanges: (ranges) => found = ranges }),
      toDataset(),
    ),
  );
  await assertGoldenWingert(dataset, "small.channel_log", { isLog: true });
  assert(found?.method === "bandAndNeuron");
  const [least, greatest] = range.stim_per_band ?? [[], []];
  for (const [band, [min, max]] of found.bands.entries()) {
    assertAlmostEquals(min, itemAt(least, band), 1e-6);
    assertAlmostEquals(max, itemAt(greatest, band), 1e-6);
  }
});

Deno.test("wingert2026: ranges of one stream serve another, read once", async () => {
  let found: NormalizeRanges | undefined;
  const all = wingert2026(WINGERT_SMALL).pipe(
    normalize({ method: "global", onRanges: (ranges) => found = ranges }),
    toDataset(),
  );
  await lastValueFrom(all);
  const dataset = await lastValueFrom(
    wingert2026(WINGERT_SMALL, { subset: "est" }).pipe(
      wingert2026Pipeline({
        normalize: "global",
        ...found && { ranges: found },
      }),
      toDataset(),
    ),
  );
  await assertGoldenWingert(dataset, "small.est");
});

Deno.test("wingert2026: sessions that a user filters out leave no gap", async () => {
  const dataset = await lastValueFrom(
    wingert2026(WINGERT_SMALL).pipe(
      filter(({ id }) => ["CLT027c", "PRN015a"].includes(id)),
      wingert2026Pipeline({ normalize: "global" }),
      toDataset(),
    ),
  );
  dataset.selectStimsBy("subset", "val");
  const { nrn_meta: expected } = await goldenWingert("small.two.val");
  assertEquals(
    dataset.nrnMeta.map(({ cellId }) => cellId),
    expected.map(({ cell_id }) => cell_id as string),
  );
  assertEquals(dataset.length, 4);
});

Deno.test("wingert2026: sessions in order, each with its cells and their places", async () => {
  const sessions = await lastValueFrom(
    wingert2026(WINGERT_SMALL, { area: ["PEG", "AC"] }).pipe(toArray()),
  );
  const { nrn_meta: cells } = await goldenWingert("small.PEG_AC");
  assertEquals(
    sessions.map(({ id }) => id),
    [...new Set(cells.map(({ session }) => String(session)))].sort(),
  );
  for (const found of sessions) {
    const { id, cells: own } = found;
    const { cellNumbers } = lineageOf(found);
    assertEquals(
      cellNumbers?.map((number) => itemAt(cells, number).cell_id),
      own.map(({ cellId }) => cellId),
    );
    assert(own.every(({ session }) => session === id));
  }
});

Deno.test("wingert2026: NDJSON has the same counts, numbered as the dataset", async () => {
  const golden = await goldenWingert("small.raw");
  const decoder = new TextDecoder();
  const pairs: string[] = [];
  let stimuli = 0;
  const target = new WritableStream<Uint8Array>({
    write(bytes): void {
      for (const text of decoder.decode(bytes).trimEnd().split("\n")) {
        const line = JSON.parse(text);
        if (line.type === "stimulus") stimuli++;
        else pairs.push(`${line.stimulus},${line.cell},${line.shape}`);
      }
    },
  });
  await lastValueFrom(wingert2026(WINGERT_SMALL).pipe(toNdjson(target)));
  assertEquals(stimuli, golden.S);
  assertEquals(
    pairs.sort(),
    golden.responses.map(({ s, n, shape }) => `${s},${n},${shape}`).sort(),
  );
});
