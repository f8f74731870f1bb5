import {
  crcnsAc1Pipeline,
  keepCells,
  keepPresentations,
  normalize,
  type NormalizeRanges,
  parallel,
  pipeline,
  type Presentation,
  type Session,
  toDataset,
  wehr,
  wingert2026,
  wingert2026Cells,
} from "rxephys";
import { from, lastValueFrom, of, toArray } from "rxjs";
import { lineageOf, withLineage } from "../../src/stream/lineage.ts";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass } from "./_operator_cases.ts";

operatorCases("keepCells", () => keepCells(() => true), [{
  call: () => keepCells("x" as unknown as () => boolean),
  error: TypeError,
  message: "Cannot keep cells: predicate is string, expected a function",
}]);

operatorCases("keepPresentations", () => keepPresentations(() => true), [{
  call: () => keepPresentations(undefined as unknown as () => boolean),
  error: TypeError,
  message:
    "Cannot keep presentations: predicate is undefined, expected a function",
}]);

function sessions(): Session[] {
  return [
    withLineage(
      readySession("x", 3, [
        { key: "a", bins: 2, repeats: [[[1, 2]], null, [[3, 4]]] },
        { key: "b", bins: 2, repeats: [null, [[5, 6]], null] },
      ]),
      { cellNumbers: [4, 5, 1] },
    ),
    readySession("y", 1, [{ key: "c", bins: 2, repeats: [[[7, 8]]] }]),
  ];
}

Deno.test("keepCells: keeps cells, their numbers and their responses", async () => {
  const kept = await lastValueFrom(
    from(sessions()).pipe(
      keepCells(({ cellId }) => ["x.2", "x.1"].includes(String(cellId))),
      toArray(),
    ),
  );
  assertEquals(kept.map(({ id }) => id), ["x"]);
  const session = itemAt(kept, 0);
  assertEquals(session.cells, [{ cellId: "x.1" }, { cellId: "x.2" }]);
  assertEquals(lineageOf(session).cellNumbers, [5, 1]);
  const listed = await session.presentations();
  const values = async ({ read }: Presentation): Promise<unknown> =>
    (await read()).responses.map((response) =>
      response?.repeats.map((x) => [...x])
    );
  assertEquals(await values(itemAt(listed, 0)), [undefined, [[3, 4]]]);
  assertEquals(await values(itemAt(listed, 1)), [[[5, 6]], undefined]);
});

Deno.test("keepCells: gives the dataset of the selected cells", async () => {
  const all = await lastValueFrom(
    wehr(AC1_TINY).pipe(crcnsAc1Pipeline(), toDataset()),
  );
  const id = itemAt(all.nrnMeta, 1).session;
  const kept = await lastValueFrom(
    wehr(AC1_TINY).pipe(
      pipeline(
        keepCells(({ session }) => session === id),
        crcnsAc1Pipeline(),
        toDataset(),
      ),
    ),
  );
  assertEquals(kept.nrnMeta, [itemAt(all.nrnMeta, 1)]);
});

Deno.test("keepCells: keeps whole sessions before parallel(), any cells after it", async () => {
  const first = itemAt(await wingert2026Cells(WINGERT_SMALL), 0);
  await assertRejects(
    () =>
      lastValueFrom(
        wingert2026(WINGERT_SMALL).pipe(
          keepCells(({ cellId }) => cellId !== first.cellId),
          parallel(),
        ),
      ),
    TypeError,
    "keepCells() is before parallel(), expected keepCells() after parallel()",
  );
  const keep = keepCells(({ wehrCellIdx }) => wehrCellIdx === 1);
  const many = await lastValueFrom(
    wehr(AC1_TINY).pipe(crcnsAc1Pipeline({ parallel: 2 }), keep, toDataset()),
  );
  const one = await lastValueFrom(
    wehr(AC1_TINY).pipe(crcnsAc1Pipeline(), keep, toDataset()),
  );
  const early = await lastValueFrom(
    wehr(AC1_TINY).pipe(keep, crcnsAc1Pipeline({ parallel: 2 }), toDataset()),
  );
  assertEquals([many.responses, many.nrnMeta], [one.responses, one.nrnMeta]);
  assertEquals([early.responses, early.nrnMeta], [one.responses, one.nrnMeta]);
});

Deno.test("keepPresentations: filters the list, and ranges cover the kept presentations", async () => {
  const found: NormalizeRanges[] = [];
  const whole = itemAt(sessions(), 0);
  const part = withLineage({
    ...whole,
    presentations: async () => (await whole.presentations()).slice(0, 1),
  }, { whole });
  const out = await lastValueFrom(
    of(part).pipe(
      keepPresentations(({ stimulus }, { id }) =>
        id === "x" && stimulus.key !== "b"
      ),
      normalize({
        method: "global",
        onRanges: (ranges) => found.push(ranges),
      }),
    ),
  );
  const listed = await out.presentations();
  assertEquals(listed.map(({ stimulus }) => stimulus.key), ["a"]);
  await itemAt(listed, 0).read();
  const ranges = itemAt(found, 0);
  assertEquals(ranges.method === "global" && ranges.response, [1, 4]);
});

Deno.test("keepCells, keepPresentations: refuse a predicate that returns no boolean", async () => {
  const later = (): boolean => Promise.resolve(true) as unknown as boolean;
  await assertRejects(
    () => pass(keepCells(later), itemAt(sessions(), 0)),
    TypeError,
    "Cannot keep cells: the function later returns [object Promise] for cell " +
      '0 of session "x", expected true or false',
  );
  const [session] = await pass(keepPresentations(later), itemAt(sessions(), 0));
  await assertRejects(
    () => session.presentations(),
    TypeError,
    "Cannot keep presentations: the function later returns [object Promise] " +
      'for stimulus "a" of session "x", expected true or false',
  );
});

Deno.test("pipeline: takes any number of operators and refuses other values", async () => {
  assertThrows(
    () => pipeline(keepCells(() => true), undefined as never),
    TypeError,
    "Cannot make a pipeline: operator 1 is undefined, expected an operator",
  );
  const same = keepCells(() => true);
  const twelve = pipeline(
    ...[same, same, same, same, same, same],
    ...[same, same, same, same, same, same],
    toDataset(),
  );
  const dataset = await lastValueFrom(of(itemAt(sessions(), 1)).pipe(twelve));
  assertEquals(dataset.N, 1);
  assertEquals((await pass(pipeline(), itemAt(sessions(), 1))).length, 1);
});
