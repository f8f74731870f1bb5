import {
  crcnsAc1,
  crcnsAc1Pipeline,
  type Session,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { lastValueFrom, type Observable, toArray } from "rxjs";
import { failureKind } from "../../src/explorer/read/failure_kind.ts";
import { openData } from "../../src/explorer/read/open_data.ts";
import { ViewReader } from "../../src/explorer/read/view_reader.ts";
import { changedSettings, DEFAULTS } from "../../src/explorer/settings.ts";
import type { Tensor } from "../../src/tensor.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { itemAt } from "../support/item_at.ts";

async function file(path: string): Promise<File> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return new File([await Deno.readFile(path)], name);
}

const AC1_FILES = await Promise.all(
  ["crcns-ac1", "crcns-ac1-asari-results-1", "crcns-ac1-asari-results-2"]
    .map((name) => file(`${AC1_TINY}${name}.zip`)),
);

async function all(sessions: Observable<Session>): Promise<Session[]> {
  return await lastValueFrom(sessions.pipe(toArray()));
}

Deno.test("explorer: views of CRCNS AC1 equal the standard chain, as sliders move", async () => {
  const opened = await openData(AC1_FILES, {});
  assertEquals(opened.dataSet, "crcns-ac1");
  const reader = new ViewReader(opened);
  const moves = [
    DEFAULTS,
    { ...DEFAULTS, medianMs: 250 },
    { ...DEFAULTS, medianMs: 250, minCorrelation: 0.6 },
    { ...DEFAULTS, medianMs: 250, minCorrelation: 0.6, dtMs: 10 },
    { ...DEFAULTS, fmaxHz: 11_000, bandsPerOctave: 3 },
  ];
  for (const settings of moves) {
    const chain = crcnsAc1Pipeline(changedSettings(settings));
    const sessions = await all(crcnsAc1(AC1_FILES).pipe(chain));
    // A whole-cell session of Wehr, and a cell-attached one of Asari.
    for (const session of [0, 6]) {
      const [heard] = await itemAt(sessions, session).presentations();
      assert(heard);
      const [stimulus, { responses, tally }] = [
        await heard.stimulus.read() as Tensor,
        await heard.read(),
      ];
      const request = { session, cell: 0, stimulus: 0, repeat: 1, settings };
      const view = await reader.view(request);
      assert(view);
      assertEquals(view.stimulus, stimulus);
      assertEquals(view.repeats, responses[0]?.repeats ?? []);
      assertEquals(view.tally, tally);
      assertEquals(
        view.verdicts.filter((verdict) => verdict === "kept").length,
        view.repeats.length,
      );
      assertEquals(view.trace?.repeat, 1);
      assert((view.trace?.raw.length ?? 0) > 1000);
    }
  }
});

Deno.test("explorer: views of Wingert 2026 are the published values", async () => {
  const files = await Promise.all(
    ["cell_list.csv", "recordings.zip"].map((name) =>
      file(`${WINGERT_SMALL}${name}`)
    ),
  );
  const opened = await openData(files, {});
  const reader = new ViewReader(opened);
  const chain = wingert2026Pipeline({ normalize: "none" });
  const sessions = await all(wingert2026(WINGERT_SMALL).pipe(chain));
  assertEquals(
    opened.sessions.map(({ id }) => id),
    sessions.map(({ id }) => id),
  );
  const [heard] = await itemAt(sessions, 1).presentations();
  const { responses } = await heard?.read() ?? { responses: [] };
  const cell = responses.findIndex((response) => response !== null);
  const request = { session: 1, cell, stimulus: 0, repeat: 0 };
  const view = await reader.view({ ...request, settings: DEFAULTS });
  assertEquals(
    view?.repeats.map((repeat) => [...repeat]),
    responses[cell]?.repeats.map((repeat) => [...repeat]),
  );
  assertEquals(view?.trace, null);
});

Deno.test("explorer: a view that is no longer wanted is left", async () => {
  const reader = new ViewReader(await openData(AC1_FILES, {}));
  const controller = new AbortController();
  const request = { session: 0, cell: 0, stimulus: 0, repeat: 0 };
  const left = reader.view({ ...request, settings: DEFAULTS }, controller);
  controller.abort(new Error("another choice"));
  assertEquals(await left.catch((error) => error.message), "another choice");
  const view = await reader.view({ ...request, settings: DEFAULTS });
  assertEquals(view?.repeats.length, 3);
});

Deno.test("explorer: files of another kind and damaged ones fail differently", async () => {
  const zip = itemAt(AC1_FILES, 0);
  const kindOf = async (...files: File[]): Promise<[string, string]> => {
    try {
      await openData(files, {});
      return ["opened", ""];
    } catch (error) {
      return [failureKind(error), (error as Error).message];
    }
  };
  assertEquals(await kindOf(new File(["text"], "notes.txt")), [
    "wrong",
    "Cannot open the file: it is no zip, expected an archive as its publisher " +
    'packs it (archive "notes.txt")',
  ]);
  const [cut, message] = await kindOf(
    new File([zip.slice(0, zip.size / 2)], "crcns-ac1.zip"),
  );
  assertEquals(cut, "damaged");
  assert(message.startsWith("Cannot open zip: no directory at its end"));
  const [lone, lacks] = await kindOf(
    await file(`${WINGERT_SMALL}cell_list.csv`),
  );
  assertEquals(lone, "wrong");
  assert(lacks.includes("expected cell_list.csv and recordings.zip"), lacks);
});
