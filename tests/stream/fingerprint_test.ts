import {
  bin,
  detrend,
  gate,
  keepCells,
  keepPresentations,
  mapResponses,
  mapStimuli,
  mask,
  normalize,
  type Session,
  shuffleBuffer,
  signal,
  smooth,
  spectrogram,
} from "rxephys";
import * as operators from "rxephys/operators";
import config from "../../deno.json" with { type: "json" };
import { firstValueFrom, type MonoTypeOperatorFunction, of } from "rxjs";
import {
  differenceOf,
  fingerprintOf,
  VERSION,
} from "../../src/stream/fingerprint.ts";
import { assertEquals } from "../support/assert.ts";
import { readySession } from "../support/sessions/ready_session.ts";

type Operator = MonoTypeOperatorFunction<Session>;

/** Every operator with two sets of options, and the difference in words. */
const CHOICES: readonly (readonly [Operator, Operator, string])[] = [
  [bin({ dtMs: 5 }), bin({ dtMs: 10 }), "bin's dtMs was 5, is 10"],
  [detrend(), detrend({ gaussMs: 20 }), "detrend's gaussMs was 10, is 20"],
  [gate(), gate({ stepMv: 3 }), "gate's stepMv was "],
  [mask(), mask({ audioRateHz: 100 }), "mask's audioRateHz was 96000, is 100"],
  [normalize(), normalize({ method: "global" }), "normalize's method was "],
  [signal(), signal({ spikeSmoothMs: 7 }), "signal's spikeSmoothMs was "],
  [smooth(), smooth({ windowMs: 3 }), "smooth's windowMs was "],
  [spectrogram(), spectrogram({ fmaxHz: 9000 }), "spectrogram's fmaxHz was "],
  [shuffleBuffer({ size: 2 }), shuffleBuffer({ size: 3 }), "shuffleBuffer's "],
  [
    keepCells(({ cellId }) => cellId === "x.0"),
    keepCells(({ cellId }) => cellId === "x.1"),
    "keepCells's argument was ",
  ],
  [
    keepPresentations(() => true),
    keepPresentations(() => !0),
    "keepPresentations's argument was ()=>true, is ()=>!0",
  ],
  [
    mapResponses((response) => response),
    mapResponses(() => null),
    "mapResponses's argument was (response)=>response, is ()=>null",
  ],
  [
    mapStimuli((stimulus) => stimulus),
    mapStimuli((other) => other),
    "mapStimuli's argument was (stimulus)=>stimulus, is (other)=>other",
  ],
];

Deno.test("fingerprint: contains every operator's options", async () => {
  const session = readySession("x", 2, [
    { key: "a", bins: 2, repeats: [[[1, 2]], null] },
  ]);
  const print = async (
    operator: Operator,
  ): Promise<ReturnType<typeof fingerprintOf>> =>
    fingerprintOf(await firstValueFrom(of(session).pipe(operator)));
  const named = new Set<string | undefined>();
  for (const [one, other, words] of CHOICES) {
    const [before, now] = [await print(one), await print(other)];
    assertEquals(differenceOf(before, before), undefined, words);
    const difference = differenceOf(before, now) ?? "none";
    assertEquals(difference.slice(0, words.length), words);
    named.add(before.steps[0]?.name);
  }
  // Pipelines consist of other operators; workers and shares change nothing.
  const others = [
    ...["parallel", "shard", "keepSessions", "pipeline", "crcnsAc1Pipeline"],
  ];
  const all = Object.entries(operators)
    .filter(([name, value]) =>
      typeof value === "function" && /^[a-z]/.test(name) &&
      ![...others, "wingert2026Pipeline"].includes(name)
    );
  assertEquals(
    all.map(([name]) => name).filter((name) => !named.has(name)),
    [],
  );
});

Deno.test("fingerprint: its version equals the package's", () => {
  assertEquals(VERSION, config.version);
});
