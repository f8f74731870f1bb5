import {
  crcnsAc1,
  crcnsAc1Pipeline,
  mask,
  normalize,
  type Session,
  shuffleBuffer,
  toDataset,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import {
  lastValueFrom,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  share,
} from "rxjs";
import { unlessAborted } from "../../src/base/abort.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { firstOf } from "../support/item_at.ts";

const identity: MonoTypeOperatorFunction<Session> = (sessions) => sessions;

/** Chains whose readers share caches, grids, ranges or workers. */
const CHAINS: Readonly<Record<string, () => Observable<Session>>> = {
  "crcnsAc1 to mask": () => crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline()),
  "wingert2026 to normalize": () =>
    wingertOf(identity).pipe(normalize({ method: "global" })),
  "wingert2026 in parts": () => wingertOf(shuffleBuffer({ seed: 1 })),
  "wingert2026 in workers": () =>
    wingertOf(wingert2026Pipeline({ parallel: 2 })),
};

function wingertOf(
  operator: MonoTypeOperatorFunction<Session>,
): Observable<Session> {
  return wingert2026(WINGERT_SMALL).pipe(operator);
}

for (const [name, chain] of Object.entries(CHAINS)) {
  Deno.test(`share: ${name}: one reader leaves, the other continues`, async () => {
    const load = toDataset({ concurrency: 2 });
    const start = performance.now();
    const expected = await lastValueFrom(chain().pipe(load));
    const wholeMs = performance.now() - start;
    for (let leave = 0; leave < 5; leave++) {
      const shared = chain().pipe(share());
      const leaving = shared.pipe(load).subscribe({ error: () => {} });
      const reading = lastValueFrom(shared.pipe(load));
      const timer = setTimeout(
        () => leaving.unsubscribe(),
        wholeMs * leave / 4,
      );
      const dataset = await reading;
      clearTimeout(timer);
      leaving.unsubscribe();
      assertEquals(dataset.responses, expected.responses);
    }
  });
}

Deno.test("share: mask() reads a stimulus again after its reader left", async () => {
  const session = readySession("s", 1, [
    { key: "a", bins: 3, repeats: [[[1, 2, 3]]] },
  ]);
  const [presentation] = firstOf(1, await session.presentations());
  const { stimulus } = presentation;
  const slow: Session = {
    ...session,
    presentations: () =>
      Promise.resolve([{
        ...presentation,
        stimulus: {
          ...stimulus,
          // Reads with a signal wait until it aborts, others answer at once.
          read: (options = {}) =>
            options.signal
              ? unlessAborted(new Promise<never>(() => {}), options.signal)
              : stimulus.read(),
        },
      }]),
  };
  const masked = await lastValueFrom(of(slow).pipe(mask()));
  const [item] = firstOf(1, await masked.presentations());
  const controller = new AbortController();
  const left = item.stimulus.read({ signal: controller.signal });
  const reading = item.read();
  controller.abort();
  await assertRejects(() => left, DOMException, "aborted");
  const { responses } = await reading;
  assertEquals(responses[0]?.repeats, [Float32Array.of(1, 2, 3)]);
});
