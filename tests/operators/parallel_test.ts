import { Worker } from "node:worker_threads";
import {
  ArchiveError,
  bin,
  crcnsAc1,
  crcnsAc1Pipeline,
  detrend,
  FormatError,
  mapResponses,
  mask,
  type NeuralDataset,
  normalize,
  type Session,
  signal,
  smooth,
  type SourceWarning,
  spectrogram,
  toDataset,
  toNdjson,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import {
  concatMap,
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  take,
  tap,
  toArray,
} from "rxjs";
import { parallel } from "../../src/operators/parallel.ts";
import { WorkerError } from "../../src/operators/workers/worker_error.ts";
import { hostOf } from "../../src/stream/read_ahead.ts";
import { toAsyncIterable } from "../../src/sinks/to_async_iterable.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { AC1_TINY, assertGolden } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { turns } from "../support/turns.ts";
import answering from "./parallel_modules/answering.ts";
import { itemAt } from "../support/item_at.ts";
import chain from "./parallel_modules/chain.ts";

const identity: MonoTypeOperatorFunction<Session> = (sessions) => sessions;

function moduleOf(name: string): URL {
  return new URL(`./parallel_modules/${name}.ts`, import.meta.url);
}

function datasetOf(sessions: Observable<Session>): Promise<NeuralDataset> {
  return lastValueFrom(sessions.pipe(toDataset()));
}

async function ndjsonOf(sessions: Observable<Session>): Promise<Uint8Array> {
  const path = await Deno.makeTempFile();
  try {
    await lastValueFrom(sessions.pipe(toNdjson(path)));
    return await Deno.readFile(path);
  } finally {
    await Deno.remove(path);
  }
}

function assertSameDataset(many: NeuralDataset, one: NeuralDataset): void {
  assertEquals(many.stims, one.stims);
  assertEquals(many.responses, one.responses);
  assertEquals(many.stimMeta, one.stimMeta);
  assertEquals(many.nrnMeta, one.nrnMeta);
  assertEquals(many.tally, one.tally);
}

Deno.test("parallel: the golden dataset is bit-equal to one core", async () => {
  const load = (parallel: number | false): Promise<NeuralDataset> =>
    datasetOf(wehr(AC1_TINY).pipe(crcnsAc1Pipeline({ parallel })));
  const many = await load(2);
  assertSameDataset(many, await load(false));
  await assertGolden(many, "wehr");
});

for (const stimuli of ["spectrogram", "waveform"] as const) {
  for (const workers of [1, 3]) {
    Deno.test(`parallel: gives the same NDJSON bytes, ${stimuli}, ${workers} workers`, async () => {
      const sessions = (): Observable<Session> =>
        crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline({ stimuli }));
      const many = await ndjsonOf(sessions().pipe(parallel({ workers })));
      assertEquals(many, await ndjsonOf(sessions()));
      assert(many.length > 500_000);
    });
  }
}

for (
  const [stage, operator] of [
    ["right after the source", identity],
    ["in the middle", detrend()],
  ] as const
) {
  Deno.test(`parallel: ${stage}, gives the same NDJSON bytes`, async () => {
    const sessions = wehr(AC1_TINY).pipe(operator);
    const many = sessions.pipe(parallel({ workers: 2 }), bin());
    assertEquals(await ndjsonOf(many), await ndjsonOf(sessions.pipe(bin())));
  });
}

for (const options of [{}, { subset: "val" as const }]) {
  Deno.test(`parallel: Wingert ${options.subset ?? "all"} is bit-equal to one core`, async () => {
    const load = (parallel: number | false): Promise<NeuralDataset> =>
      datasetOf(
        wingert2026(WINGERT_SMALL, options).pipe(
          wingert2026Pipeline({ parallel }),
        ),
      );
    assertSameDataset(await load(2), await load(false));
  });
}

Deno.test("parallel: normalize with ranges runs in workers", async () => {
  const sessions = (parallels = identity): Observable<Session> =>
    wingert2026(WINGERT_SMALL).pipe(
      normalize({
        method: "global",
        ranges: { method: "global", stimulus: [0, 3], response: [0, 2] },
      }),
      parallels,
    );
  const many = await datasetOf(sessions(parallel({ workers: 2 })));
  assertSameDataset(many, await datasetOf(sessions()));
});

Deno.test("parallel: filters before and after it receive handles", async () => {
  const ends = (digit: string) => ({ id }: Session): boolean =>
    !id.endsWith(digit);
  const sessions = (operator = identity): Observable<Session> =>
    crcnsAc1(AC1_TINY).pipe(
      filter(ends("2")),
      crcnsAc1Pipeline(),
      operator,
      filter(ends("1")),
      take(2),
    );
  const many = await datasetOf(sessions(parallel({ workers: 2 })));
  assertSameDataset(many, await datasetOf(sessions()));
});

Deno.test("parallel: warnings arrive once, with their causes", async () => {
  const warningsOf = async (parallel: number | false): Promise<unknown[]> => {
    const warnings: SourceWarning[] = [];
    const onWarning = (warning: SourceWarning): void => {
      warnings.push(warning);
    };
    await datasetOf(
      crcnsAc1(AC1_TINY, { onWarning }).pipe(crcnsAc1Pipeline({ parallel })),
    );
    // The order depends on the workers.
    return warnings
      .sort((a, b) => `${a.kind}${a.count}` < `${b.kind}${b.count}` ? -1 : 1)
      .map(({ kind, message, archive, member, count, cause }) => [
        kind,
        message,
        archive,
        member,
        count,
        cause instanceof FormatError && [cause.message, cause.member],
      ]);
  };
  const one = await warningsOf(false);
  assertEquals(one.length, 6);
  const many = await warningsOf(2);
  const known = (all: unknown[]): string[] =>
    all.map((warning) => JSON.stringify((warning as unknown[]).toSpliced(4, 1)))
      .sort();
  assertEquals(known(many), known(one));
});

Deno.test("parallel: toAsyncIterable gives the same items in order", async () => {
  const itemsOf = async (
    sessions: Observable<Session>,
    prefetch?: number,
  ): Promise<unknown[]> => {
    const items: unknown[] = [];
    const options = prefetch === undefined ? {} : { prefetch };
    for await (const item of toAsyncIterable(sessions, options)) {
      const { session, stimulus, stims, responses } = item;
      items.push([session.id, stimulus.key, stims, responses]);
    }
    return items;
  };
  const sessions = wehr(AC1_TINY).pipe(crcnsAc1Pipeline());
  const one = await itemsOf(sessions);
  for (const prefetch of [0, 1, undefined]) {
    const many = sessions.pipe(parallel({ workers: 2 }));
    assertEquals(await itemsOf(many, prefetch), one);
  }
});

Deno.test("parallel: runs a module's chain with its functions", async () => {
  const many = chain().pipe(
    parallel({ workers: 2, module: moduleOf("chain") }),
  );
  assertSameDataset(await datasetOf(many), await datasetOf(chain()));
});

Deno.test("parallel: handles outlive their stream", async () => {
  const first = await lastValueFrom(
    wehr(AC1_TINY).pipe(parallel({ workers: 1 }), take(1)),
  );
  const one = await datasetOf(of(first).pipe(crcnsAc1Pipeline()));
  const again = await datasetOf(of(first).pipe(crcnsAc1Pipeline()));
  assertSameDataset(again, one);
  assert(one.S > 1);
});

Deno.test("parallel: every read returns new arrays", async () => {
  const sessions = await lastValueFrom(
    wehr(AC1_TINY).pipe(parallel({ workers: 1 }), toArray()),
  );
  const first = itemAt(await lastValueFrom(wehr(AC1_TINY).pipe(toArray())), 0);
  const far = itemAt(await itemAt(sessions, 0).presentations(), 0);
  const near = itemAt(await first.presentations(), 0);
  const once = await far.read();
  assertEquals(await far.read(), once);
  assertEquals(once, await near.read());
  await datasetOf(of(itemAt(sessions, 0)).pipe(crcnsAc1Pipeline()));
});

/** Runs a test with a growing list of the reads that workers receive. */
async function watchReads(
  run: (asked: string[]) => Promise<void>,
): Promise<void> {
  const { postMessage } = Worker.prototype;
  const asked: string[] = [];
  Worker.prototype.postMessage = function (request, ...rest): void {
    if ("wanted" in request) asked.push(request.wanted.what);
    postMessage.call(this, request, ...rest);
  };
  try {
    await run(asked);
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
}

function countOf(what: string, asked: readonly string[]): number {
  return asked.filter((name) => name === what).length;
}

Deno.test("parallel: reads everything once, and a shared stimulus once in all", () =>
  watchReads(async (asked) => {
    const sessions = wehr(AC1_TINY);
    const { S } = await datasetOf(
      sessions.pipe(crcnsAc1Pipeline({ parallel: 2 })),
    );
    let presentations = 0;
    const all = await lastValueFrom(sessions.pipe(toArray()));
    for (const session of all) {
      presentations += (await session.presentations()).length;
    }
    assert(presentations > S);
    assertEquals(countOf("list", asked), all.length);
    assertEquals(countOf("trials", asked), presentations);
    assertEquals(countOf("stimulus", asked), S);
  }));

for (const prefetch of [0, 2]) {
  Deno.test(`parallel: workers read ${prefetch} ahead with prefetch ${prefetch}`, () =>
    watchReads(async (asked) => {
      const sessions = wehr(AC1_TINY).pipe(crcnsAc1Pipeline({ parallel: 2 }));
      let given = 0;
      for await (const _ of toAsyncIterable(sessions, { prefetch })) {
        given++;
        await turns();
        assert(countOf("trials", asked) <= given + prefetch);
      }
      assertEquals(countOf("trials", asked), given);
    }));
}

/** Number of workers that a test ends. */
async function countEnds(run: () => Promise<void>): Promise<number> {
  const { terminate } = Worker.prototype;
  let ended = 0;
  Worker.prototype.terminate = function (): Promise<number> {
    ended++;
    return terminate.call(this);
  };
  try {
    await run();
  } finally {
    Worker.prototype.terminate = terminate;
  }
  return ended;
}

Deno.test("parallel: the workers end with the sink", async () => {
  const sessions = wehr(AC1_TINY).pipe(crcnsAc1Pipeline({ parallel: 2 }));
  const ended = await countEnds(async () => void await datasetOf(sessions));
  assertEquals(ended, 2);
  const left = await countEnds(async () => {
    for await (const _ of toAsyncIterable(sessions)) break;
  });
  assertEquals(left, 2);
});

Deno.test("parallel: unsubscribing and an error end the workers", async () => {
  const path = await Deno.makeTempFile();
  const left = await countEnds(async () => {
    const begun = Promise.withResolvers<void>();
    const subscription = wehr(AC1_TINY).pipe(
      crcnsAc1Pipeline({ parallel: 2 }),
      toNdjson(path, { onProgress: () => begun.resolve() }),
    ).subscribe({ error: begun.reject });
    await begun.promise;
    subscription.unsubscribe();
    await turns();
  });
  assertEquals(left, 2);
  await Deno.remove(path);
  const failed = await countEnds(async () => {
    const sessions = answering("rejects").pipe(
      parallel({ workers: 1, module: moduleOf("rejects") }),
    );
    await assertRejects(() => datasetOf(sessions), FormatError);
    await turns();
  });
  assertEquals(failed, 1);
});

Deno.test("parallel: an aborted read rejects at once with the reason", async () => {
  const sessions = answering("waits").pipe(
    parallel({ workers: 1, module: moduleOf("waits") }),
  );
  const session = itemAt(await lastValueFrom(sessions.pipe(toArray())), 0);
  const presentation = itemAt(await session.presentations(), 0);
  const controller = new AbortController();
  const read = presentation.read({ signal: controller.signal });
  controller.abort(new RangeError("enough"));
  await assertRejects(() => read, RangeError, "enough");
  // The module answers after the first read is aborted in the worker.
  const { tally } = await presentation.read();
  assertEquals(tally.kept, 1);
  await assertRejects(() => datasetOf(of(session).pipe(take(1))));
});

for (
  const [name, error, message] of [
    ["exits", WorkerError, 'read session "x" in a worker: the worker exited'],
    ["throws_late", WorkerError, "the worker crashed: RangeError: not caught"],
    ["hangs", WorkerError, "the worker has nothing left to do and exited"],
    ["rejects", FormatError, 'bad trial (session "x", read in a worker)'],
  ] as const
) {
  Deno.test(`parallel: module ${name}.ts causes an error, not a hang`, async () => {
    const sessions = answering(name).pipe(
      parallel({ workers: 2, module: moduleOf(name) }),
    );
    await assertRejects<Error>(
      () => datasetOf(sessions),
      error,
      message,
    );
  });
}

Deno.test("parallel: a module that throws at the top level is an error", async () => {
  const sessions = answering("top").pipe(
    parallel({ workers: 2, module: moduleOf("throws_at_top") }),
  );
  await assertRejects(
    () => datasetOf(sessions),
    SyntaxError,
    'at the top (session "x", read in a worker)',
  );
});

Deno.test("parallel: refuses a module with another chain", async () => {
  const module = moduleOf("chain");
  await assertRejects(
    () => datasetOf(wehr(AC1_TINY).pipe(detrend(), parallel({ module }))),
    RangeError,
    "expected that of the stream before parallel(), [detrend]",
  );
  await assertRejects(
    () => datasetOf(answering("top").pipe(parallel({ module }))),
    RangeError,
    'gives no session "x"',
  );
});

Deno.test("parallel: a data error keeps its class and place", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const zip = `${folder}/crcns-ac1.zip`;
    await Deno.copyFile(`${AC1_TINY}/crcns-ac1.zip`, zip);
    // With an index of the stimuli, workers alone read the zip.
    const options = { indexFolder: folder };
    await firstValueFrom(
      wehr(zip, options).pipe(
        concatMap((session) => session.presentations()),
      ),
    );
    const cut = wehr(zip, options).pipe(
      crcnsAc1Pipeline({ parallel: 2 }),
      tap(() => Deno.truncateSync(zip, 5_000_000)),
    );
    const error = await assertRejects(
      () => datasetOf(cut),
      ArchiveError,
      '(session "20020508-mw-001", read in a worker)',
    );
    assertEquals((error as ArchiveError).archive, zip);
    // The zip's end record is searched in the last 64 KiB and 21 bytes.
    assertEquals((error as ArchiveError).offset, 5_000_000 - 65_557);
    assert(error.stack?.includes("read in a worker"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("parallel: refuses chains that workers cannot repeat", async () => {
  const refuses = (
    operator: MonoTypeOperatorFunction<Session>,
    message: string,
  ): Promise<Error> =>
    assertRejects(
      () => datasetOf(wehr(AC1_TINY).pipe(operator, parallel())),
      TypeError,
      message,
    );
  await refuses(
    mapResponses((response) => response),
    "Cannot read in workers: mapResponses() is before parallel(), expected " +
      "mapResponses() after parallel(), or parallel({ module })",
  );
  await refuses(
    map((session) => ({
      ...session,
      presentations: (options) => session.presentations(options),
    })),
    "is not as a built-in source gave it, expected parallel({ module })",
  );
  await refuses(
    normalize(),
    "normalize() is before parallel(), expected parallel() before normalize()",
  );
  await refuses(
    parallel(),
    "is not as a built-in source gave it",
  );
});

/** Changes name and recording mode, so that a later `signal()` finds spikes. */
const attached: MonoTypeOperatorFunction<Session> = map((session) => ({
  ...session,
  id: `${session.id}, attached`,
  cells: session.cells.map((cell) => ({
    ...cell,
    recordingType: "cell-attached",
  })),
}));

for (
  const [stage, operators] of Object.entries<
    readonly MonoTypeOperatorFunction<Session>[]
  >({
    "after the source": [attached, detrend(), signal(), bin(), spectrogram()],
    "between operators": [detrend(), attached, signal(), bin(), spectrogram()],
    "at the end": [detrend(), signal(), bin(), spectrogram(), attached],
  })
) {
  Deno.test(`parallel: keeps names and cells edited by a spread ${stage}`, async () => {
    const sessions = (last: MonoTypeOperatorFunction<Session>) =>
      [...operators, last, mask()].reduce(
        (stream: Observable<Session>, operator) => stream.pipe(operator),
        wehr(AC1_TINY).pipe(take(2)),
      );
    const one = await datasetOf(sessions(identity));
    const many = await datasetOf(sessions(parallel({ workers: 2 })));
    assertSameDataset(many, one);
    assertEquals(itemAt(one.nrnMeta, 0).recordingType, "cell-attached");
    const kind = stage === "at the end" ? "subthresh" : "spikes";
    assertEquals(itemAt(one.nrnMeta, 0).signalType, kind);
  });
}

Deno.test("parallel: keeps edits between operators after mask()", async () => {
  const sessions = (last: MonoTypeOperatorFunction<Session>) =>
    wehr(AC1_TINY).pipe(
      crcnsAc1Pipeline(),
      attached,
      smooth(),
      attached,
      last,
      take(2),
    );
  const one = await datasetOf(sessions(identity));
  const many = await datasetOf(sessions(parallel({ workers: 2 })));
  assertSameDataset(many, one);
  const first = itemAt(
    await lastValueFrom(
      sessions(parallel({ workers: 1 })).pipe(toArray()),
    ),
    0,
  );
  assert(first.id.endsWith(", attached, attached"), first.id);
});

Deno.test("parallel: reads ahead after a spread that keeps presentations", async () => {
  const session = itemAt(
    await lastValueFrom(
      wehr(AC1_TINY).pipe(
        detrend(),
        parallel({ workers: 2 }),
        attached,
        bin(),
        toArray(),
      ),
    ),
    0,
  );
  assertEquals(hostOf(session)?.host.concurrency, 2);
});

Deno.test("parallel: a worker in an endless loop is an error after timeoutMs", async () => {
  const { default: loops } = await import("./parallel_modules/loops.ts");
  const done: string[] = [];
  const error = await assertRejects(async () => {
    const sessions = loops().pipe(
      parallel({ workers: 1, timeoutMs: 2000, module: moduleOf("loops") }),
    );
    for await (const { session } of toAsyncIterable(sessions)) {
      done.push(session.id);
    }
  }, WorkerError);
  assertEquals(
    error.message,
    'Cannot read session "second" in a worker: a read took over 2000 ms',
  );
  assertEquals([error.session, done], ["second", ["first"]]);
});

Deno.test("parallel: refuses bad options when called", () => {
  assertThrows(
    () => parallel({ timeoutMs: 0 }),
    RangeError,
    "Cannot read in workers: timeoutMs is 0, expected a number above 0",
  );
  assertThrows(
    () => parallel({ workers: 0 }),
    RangeError,
    "Cannot read in workers: workers is 0, expected 1 to 64",
  );
  assertThrows(
    () => parallel({ module: "./chain.ts" }),
    TypeError,
    "module is ./chain.ts, expected new URL(path, import.meta.url)",
  );
  assertThrows(
    () => crcnsAc1Pipeline({ parallel: 65 }),
    RangeError,
    "workers is 65",
  );
});

for (const script of ["with_sink", "without_sink"]) {
  Deno.test(`parallel: the script ${script}.ts exits by itself`, async () => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", moduleOf(script).pathname, AC1_TINY],
    }).output();
    assertEquals(code, 0);
    assertEquals(new TextDecoder().decode(stdout), "done\n");
  });
}
