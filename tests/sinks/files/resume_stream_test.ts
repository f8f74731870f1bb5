import {
  asari,
  bin,
  detrend,
  gate,
  mapResponses,
  mask,
  OutputError,
  parallel,
  type Session,
  sessionsFrom,
  signal,
  spectrogram,
  toNdjson,
  wehr,
  wingert2026,
} from "rxephys";
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { concat, lastValueFrom, map, type Observable, of, take } from "rxjs";
import { assertRejects } from "../../support/assert.ts";
import { randomDataset } from "../../support/sessions/random_dataset.ts";
import { itemAt } from "../../support/item_at.ts";
import { inFolder } from "../../support/in_folder.ts";

/** Writes the first session of a stream, then fails. */
async function breakOff(
  sessions: Observable<Session>,
  path: string,
): Promise<void> {
  const failing: Session = {
    id: "torn",
    cells: [],
    presentations: () => Promise.reject(new Error("broken off")),
  };
  const writing = concat(sessions.pipe(take(1)), of(failing))
    .pipe(toNdjson(path, { resume: true }));
  await assertRejects(() => lastValueFrom(writing), Error, "broken off");
}

const resumed = (
  sessions: Observable<Session>,
  path: string,
): Promise<unknown> =>
  lastValueFrom(sessions.pipe(take(1), toNdjson(path, { resume: true })));

async function refused(
  before: Observable<Session>,
  now: Observable<Session>,
  path: string,
  why: string,
): Promise<void> {
  await breakOff(before, path);
  await assertRejects(
    () => resumed(now, path),
    OutputError,
    `Cannot resume: ${why}`,
  );
  await resumed(before, path);
  await Deno.remove(path);
}

const chain = (
  sessions: Observable<Session>,
  { medianMs = 100, audioRateHz = 96_000 } = {},
): Observable<Session> =>
  sessions.pipe(
    detrend({ medianMs }),
    gate(),
    signal(),
    bin(),
    spectrogram(),
    mask({ audioRateHz }),
  );

Deno.test("resume: refuses another archive with the same sessions", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    for (const seed of [1, 2]) {
      await writeSyntheticAc1(`${folder}/${seed}`, { seed, scale: 8 });
    }
    const of = (seed: number): Observable<Session> => wehr(`${folder}/${seed}`);
    await refused(
      chain(of(1)),
      chain(of(2)),
      path,
      "the archive is another one: it had ",
    );
    await refused(
      chain(of(1)),
      chain(asari(`${folder}/1`)),
      path,
      "the source was wehr, is asari",
    );
    await refused(
      asari(`${folder}/1`),
      asari(`${folder}/1`, { sites: "A1" }),
      path,
      'asari\'s sites was ["A1","MGB"], is ["A1"]',
    );
    // A moved archive resumes, with workers or without.
    await breakOff(chain(of(1)), path);
    await Deno.rename(`${folder}/1`, `${folder}/moved`);
    const moved = wehr(`${folder}/moved`);
    await resumed(chain(moved).pipe(parallel({ workers: 1 })), path);
    await Deno.remove(path);
    await breakOff(chain(moved).pipe(parallel({ workers: 1 })), path);
    await resumed(chain(moved), path);
  }));

Deno.test("resume: names the option, operator or function that differs", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await writeSyntheticAc1(folder, { scale: 8 });
    const source = wehr(folder);
    await refused(
      chain(source),
      chain(source, { medianMs: 50 }),
      path,
      "detrend's medianMs was 100, is 50",
    );
    await refused(
      chain(source),
      chain(source, { audioRateHz: 48_000 }),
      path,
      "mask's audioRateHz was 96000, is 48000",
    );
    await refused(
      chain(source),
      source.pipe(gate()),
      path,
      "operator 1 was detrend, is gate",
    );
    await refused(
      source,
      source.pipe(gate()),
      path,
      "operator 1 was none, is gate",
    );
    await refused(
      source.pipe(mapResponses((response) => response)),
      source.pipe(mapResponses(() => null)),
      path,
      "mapResponses's argument was (response)=>response, is ()=>null",
    );
    const edited = (most: number): Observable<Session> =>
      source.pipe(map((session) => ({
        ...session,
        presentations: most === 1
          ? async () => (await session.presentations()).slice(0, 1)
          : async () => (await session.presentations()).slice(0, 2),
      })));
    await refused(
      edited(1),
      edited(2),
      path,
      "presentations's argument was async ()=>",
    );
    await refused(source, edited(1), path, "operator 1 was none, is presen");
    const named = source.pipe(map((session) => ({
      ...session,
      cells: session.cells.map((cell) => ({ ...cell, area: "AAF" })),
    })));
    await refused(source, named, path, "the cells of session ");
  }));

Deno.test("resume: refuses other arrays from sessionsFrom()", () =>
  inFolder(async (folder) => {
    const of = (value: number): Observable<Session> =>
      sessionsFrom([{
        id: "x",
        cells: [{}],
        presentations: [{
          stimulus: {
            key: "a",
            spectrogram: { bands: [[0, 1]], dtMs: 5 },
          },
          spikes: { timesMs: [[[1, value]]], dtMs: 5 },
        }],
      }]);
    const why = "the archive is another one: it had arrays (";
    await refused(of(7), of(8), `${folder}/x`, why);
  }));

Deno.test("resume: refuses another dataset", () =>
  inFolder(async (folder) => {
    const [one, other] = [randomDataset(3), randomDataset(3)];
    const { data } = itemAt(other.stims, 0);
    data[0] = itemAt(data, 0) + 1;
    const why = "the archive is another one: it had arrays (";
    await refused(one.sessions(), other.sessions(), `${folder}/x`, why);
  }));

Deno.test("resume: refuses another subset of Wingert's stimuli", () =>
  inFolder(async (folder) => {
    await writeSyntheticWingert(folder, { scale: 4 });
    const of = (subset: "est" | "val"): Observable<Session> =>
      wingert2026(folder, { subset, indexFolder: folder });
    const why = "wingert2026's subset was val, is est";
    await refused(of("val"), of("est"), `${folder}/x`, why);
  }));
