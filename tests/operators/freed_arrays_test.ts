import {
  bin,
  detrend,
  gate,
  mapResponses,
  type Presentation,
  type Samples,
  type Session,
  signal,
  wehr,
} from "rxephys";
import { firstValueFrom, map, type MonoTypeOperatorFunction, of } from "rxjs";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { itemAt } from "../support/item_at.ts";
import { fakeSession } from "../support/sessions/fake_session.ts";

/** More bytes than those of arrays that a collection leaves to itself. */
const LENGTH = 8192;

function trace(seed: number): Float64Array {
  return Float64Array.from({ length: LENGTH }, (_, i) => Math.sin(seed + i));
}

function fake(traces: readonly Samples[]): Session {
  const waveform = new Float64Array(16);
  return fakeSession("s", [{}], [
    { key: "tone", durationMs: 8192, waveform, repeats: [traces] },
  ]);
}

/** The first presentation behind an operator. */
async function firstOf(
  session: Session,
  operator: MonoTypeOperatorFunction<Session>,
): Promise<Presentation> {
  const made = await firstValueFrom(of(session).pipe(operator));
  return itemAt(await made.presentations(), 0);
}

async function repeatsOf(
  session: Session,
  operator: MonoTypeOperatorFunction<Session>,
): Promise<readonly Samples[]> {
  const { responses } = await (await firstOf(session, operator)).read();
  return responses[0]?.repeats ?? [];
}

/** Arrays that pass between two operators, as a user's `map` sees them. */
function watched(seen: Samples[]): MonoTypeOperatorFunction<Session> {
  return mapResponses((response) => {
    seen.push(...response.repeats);
    return response;
  });
}

Deno.test("bin and detrend free no array of a session that a user made", async () => {
  const traces = [trace(0), trace(1)];
  const before = structuredClone(traces);
  await repeatsOf(fake(traces), (all) => all.pipe(detrend(), bin()));
  await repeatsOf(fake(traces), bin());
  assertEquals(traces, before);
});

Deno.test("bin frees no array that a function between has seen", async () => {
  const seen: Samples[] = [];
  await repeatsOf(
    fake([trace(0), trace(1)]),
    (all) => all.pipe(detrend(), watched(seen), bin()),
  );
  assertEquals(seen.map(({ length }) => length), [LENGTH, LENGTH]);
});

Deno.test("bin frees no array that a spread around a read has kept", async () => {
  const seen: Samples[] = [];
  const keeping: MonoTypeOperatorFunction<Session> = map((session) => ({
    ...session,
    presentations: async (options) =>
      (await session.presentations(options)).map((presentation) => ({
        ...presentation,
        read: async (options) => {
          const trials = await presentation.read(options);
          seen.push(...trials.responses[0]?.repeats ?? []);
          return trials;
        },
      })),
  }));
  await repeatsOf(
    fake([trace(0), trace(1)]),
    (all) => all.pipe(detrend(), keeping, bin()),
  );
  assertEquals(seen.map(({ length }) => length), [LENGTH, LENGTH]);
});

Deno.test("bin frees the traces that detrend, gate and signal give it", async () => {
  const detrended = await firstOf(
    fake([trace(0), trace(0)]),
    (all) => all.pipe(detrend(), gate(), signal()),
  );
  const kept: Samples[] = [];
  const { transfer } = ArrayBuffer.prototype;
  let freed = 0;
  ArrayBuffer.prototype.transfer = function (length): ArrayBuffer {
    if (length === 0) freed += this.byteLength;
    return transfer.call(this, length);
  };
  try {
    const { responses } = await detrended.read();
    kept.push(...responses[0]?.repeats ?? []);
    assertEquals(freed, 0);
    await repeatsOf(
      fake([trace(0), trace(0)]),
      (all) => all.pipe(detrend(), gate(), signal(), bin()),
    );
  } finally {
    ArrayBuffer.prototype.transfer = transfer;
  }
  assertEquals(freed, 2 * 8 * LENGTH);
  assertEquals(kept.map(({ length }) => length), [LENGTH, LENGTH]);
});

Deno.test("traces of Wehr are read to the same samples again after they were freed", async () => {
  const session = await firstValueFrom(wehr(AC1_TINY));
  const raw = itemAt(await session.presentations(), 0);
  const binned = await firstOf(session, (all) => all.pipe(detrend(), bin()));
  const before = structuredClone(await raw.read());
  const first = structuredClone(await binned.read());
  assert(first.responses.length > 0);
  assertEquals(await binned.read(), first);
  assertEquals(await raw.read(), before);
});
