import { type NeuralDataset, type Session, toDataset } from "rxephys";
import { nwb, toNwb } from "rxephys/nwb";
import {
  concatMap,
  lastValueFrom,
  type MonoTypeOperatorFunction,
  type Observable,
  toArray,
} from "rxjs";
import { assert, assertEquals } from "../../support/assert.ts";

/** Everything that a session gives; files are closed when it is read. */
async function contentOf(session: Session): Promise<unknown> {
  const { id, cells } = session;
  const presentations: unknown[] = [];
  for (const { stimulus, dtMs, read } of await session.presentations()) {
    const { read: readStimulus, ...own } = stimulus;
    const waveform = await readStimulus();
    presentations.push({ own, dtMs, waveform, trials: await read() });
  }
  return { id, cells, presentations };
}

/** Checks that a stream is the same after it was written and read. */
export async function checkWayBack(
  folder: string,
  sessions: Observable<Session>,
): Promise<Observable<Session>> {
  await lastValueFrom(sessions.pipe(toNwb(folder)));
  const back = nwb(folder);
  const read = (of: Observable<Session>): Promise<unknown[]> =>
    lastValueFrom(of.pipe(
      concatMap(contentOf),
      toArray(),
    ));
  const [before, after] = [await read(sessions), await read(back)];
  assertEquals(after.length, before.length);
  for (const [at, session] of after.entries()) {
    // The difference of whole sessions would be too large to be shown.
    assert(isSame(session, before[at]), `session ${at} differs`);
  }
  return back;
}

/** Deep equality, bit by bit, of classes as well. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (a.constructor !== b.constructor) return false;
  const keys = (of: object): string[] =>
    Object.entries(of).filter(([, value]) => value !== undefined)
      .map(([key]) => key).sort();
  const [own, other] = [keys(a), keys(b)];
  return own.length === other.length &&
    own.every((key, at) =>
      key === other[at] && isSame(a[key as never], b[key as never])
    );
}

/** The dataset of a stream behind a chain. */
export async function datasetOf(
  sessions: Observable<Session>,
  chain: MonoTypeOperatorFunction<Session>,
): Promise<NeuralDataset> {
  return await lastValueFrom(sessions.pipe(chain, toDataset()));
}

/** Checks that datasets are the same, bit by bit. */
export function checkSameDataset(
  after: NeuralDataset,
  before: NeuralDataset,
): void {
  const of = (dataset: NeuralDataset): unknown => ({
    text: String(dataset),
    stims: dataset.stims,
    responses: dataset.responses,
    masks: dataset.nrnMasks,
    stimMeta: dataset.stimMeta,
    nrnMeta: dataset.nrnMeta,
    tally: dataset.tally,
    dt: dataset.dt,
  });
  assert(isSame(of(after), of(before)), "the datasets differ");
}
