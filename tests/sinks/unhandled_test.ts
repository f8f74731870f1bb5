import {
  mapResponses,
  mask,
  parallel,
  type Session,
  toAsyncIterable,
  toDataset,
  toNdjson,
} from "rxephys";
import { from, lastValueFrom, share } from "rxjs";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { firstOf } from "../support/item_at.ts";

/** Runs a test and asserts that it leaves no unhandled rejection. */
async function withoutUnhandled(run: () => Promise<void>): Promise<void> {
  const unhandled: unknown[] = [];
  const note = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", note);
  try {
    await run();
    await turns(20);
  } finally {
    globalThis.removeEventListener("unhandledrejection", note);
  }
  assertEquals(unhandled, []);
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A session whose presentations all fail, the first one last. */
function session(): Session {
  const made = readySession("x", 1, [
    { key: "a", bins: 2, repeats: [[[1, 2]]] },
    { key: "b", bins: 2, repeats: [[[3, 4]]] },
    { key: "c", bins: 2, repeats: [[[5, 6]]] },
  ]);
  return {
    ...made,
    presentations: async (options) =>
      (await made.presentations(options)).map((presentation, index) => ({
        ...presentation,
        read: async () => {
          if (index === 0) await turns(5);
          throw new RangeError(`presentation ${index}`);
        },
      })),
  };
}

for (const concurrency of [1, 2, 3, 8]) {
  Deno.test(`sinks: the first failure rejects and later ones are handled, concurrency ${concurrency}`, () =>
    withoutUnhandled(async () => {
      await assertRejects(
        () => lastValueFrom(from([session()]).pipe(toDataset({ concurrency }))),
        RangeError,
        "presentation 0",
      );
      const items = toAsyncIterable(from([session()]), {
        prefetch: concurrency,
      });
      await assertRejects(
        () => Array.fromAsync(items),
        RangeError,
        "presentation 0",
      );
    }));
}

Deno.test("sinks: failures in workers are handled", () =>
  withoutUnhandled(async () => {
    const module = new URL(
      "../operators/parallel_modules/fails.ts",
      import.meta.url,
    );
    const { default: sessions } = await import(module.href);
    await assertRejects(
      () =>
        lastValueFrom(
          sessions().pipe(parallel({ workers: 2, module }), toDataset()),
        ),
      RangeError,
      "presentation 0",
    );
  }));

Deno.test("toNdjson: unsubscribing when the partial file cannot be removed is handled", () =>
  withoutUnhandled(() =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      const begun = Promise.withResolvers<void>();
      const writing = from([readySession("x", 1, [
        { key: "a", bins: 2, repeats: [[[1, 2]]] },
      ])]).pipe(
        mapResponses(() => {
          begun.resolve();
          return new Promise<null>(() => {});
        }),
        toNdjson(path),
      ).subscribe();
      await begun.promise;
      await Deno.remove(`${path}.part`);
      await Deno.mkdir(`${path}.part/inside`, { recursive: true });
      writing.unsubscribe();
      await turns(20);
    })
  ));

Deno.test("mask: one reader's abort leaves another reader's read running", async () => {
  const leave = new AbortController();
  const started = Promise.withResolvers<void>();
  const made = readySession("x", 1, [
    { key: "a", bins: 2, repeats: [[[1, 2]]] },
  ]);
  const slow: Session = {
    ...made,
    presentations: async (options) =>
      (await made.presentations(options)).map((presentation) => ({
        ...presentation,
        stimulus: {
          ...presentation.stimulus,
          read: async ({ signal } = {}) => {
            started.resolve();
            await turns(5);
            signal?.throwIfAborted();
            return await presentation.stimulus.read();
          },
        },
      })),
  };
  const shared = from([slow]).pipe(mask(), share());
  const [one, other] = await Promise.all([
    lastValueFrom(shared),
    lastValueFrom(shared),
  ]);
  const [a] = firstOf(1, await one.presentations());
  const [b] = firstOf(1, await other.presentations());
  const left = a.stimulus.read({ signal: leave.signal });
  await started.promise;
  const stays = b.read();
  leave.abort();
  await assertRejects(() => left, DOMException);
  assertEquals((await stays).responses[0]?.repeats[0]?.length, 2);
});
