import type { Session } from "rxephys";
import {
  EMPTY,
  finalize,
  firstValueFrom,
  lastValueFrom,
  type MonoTypeOperatorFunction,
  NEVER,
  of,
  startWith,
  throwError,
  toArray,
} from "rxjs";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import {
  type FakeCounts,
  fakeSamples,
  fakeSession,
} from "../support/sessions/fake_session.ts";

/** A call that the operator must refuse. */
export interface BadCall {
  readonly call: () => unknown;
  readonly error: new (message: string) => Error;
  readonly message: string;
}

/** Registers the tests that every operator must pass. */
export function operatorCases(
  name: string,
  make: () => MonoTypeOperatorFunction<Session>,
  badCalls: readonly BadCall[],
): void {
  Deno.test(`${name}: reads nothing when a session passes`, async () => {
    const counts = { presentations: 0, stimuli: 0, trials: 0 };
    const [session] = await pass(make(), someSession(counts));
    assertEquals(counts, { presentations: 0, stimuli: 0, trials: 0 });
    await session.presentations();
    assertEquals(counts, { presentations: 1, stimuli: 0, trials: 0 });
  });

  Deno.test(`${name}: a second subscription starts over`, async () => {
    const stream = of(someSession()).pipe(make());
    assertEquals((await lastValueFrom(stream)).id, "some");
    assertEquals((await lastValueFrom(stream)).id, "some");
  });

  Deno.test(`${name}: an empty stream stays empty`, async () => {
    assertEquals(await lastValueFrom(EMPTY.pipe(make(), toArray())), []);
  });

  Deno.test(`${name}: passes on an error of the source`, async () => {
    const failing = throwError(() => new RangeError("of the source"));
    await assertRejects(
      () => lastValueFrom(failing.pipe(make())),
      RangeError,
      "of the source",
    );
  });

  Deno.test(`${name}: unsubscribing early ends the source`, async () => {
    let left = 0;
    const endless = NEVER.pipe(
      startWith(someSession()),
      finalize(() => left++),
    );
    await firstValueFrom(endless.pipe(make()));
    assertEquals(left, 1);
  });

  for (const { call, error, message } of badCalls) {
    Deno.test(`${name}: refuses ${message}`, () => {
      assertThrows(call, error, message);
    });
  }
}

/** A session with one cell that heard one stimulus of 200 ms five times. */
export function someSession(counts?: FakeCounts): Session {
  return fakeSession("some", [{ recordingType: "whole-cell" }], [{
    key: "a",
    durationMs: 200,
    waveform: fakeSamples(2000, 1),
    repeats: [[1, 2, 3, 4, 5].map((seed) => fakeSamples(200, seed))],
  }], counts ? { counts } : {});
}

/** Passes one session through an operator and returns its output, at least one session. */
export async function pass(
  operator: MonoTypeOperatorFunction<Session>,
  session: Session,
): Promise<[Session, ...Session[]]> {
  const [first, ...rest] = await lastValueFrom(
    of(session).pipe(operator, toArray()),
  );
  assert(first !== undefined, "the operator emits nothing");
  return [first, ...rest];
}
