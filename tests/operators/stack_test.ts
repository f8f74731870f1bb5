import {
  bin,
  detrend,
  gate,
  mapResponses,
  mask,
  normalize,
  type Session,
  signal,
  smooth,
  spectrogram,
} from "rxephys";
import { lastValueFrom, of } from "rxjs";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { someSession } from "./_operator_cases.ts";

/** A session whose reads fail. */
function failingSession(): Session {
  const session = someSession();
  return {
    ...session,
    presentations: async () =>
      (await session.presentations()).map(({ stimulus }) => ({
        stimulus: { ...stimulus, read: fail },
        read: fail,
      })),
  };
}

async function fail(): Promise<never> {
  await Promise.resolve();
  throw new RangeError("of the source");
}

const NAMES =
  /\b(detrend|gate|signal|mapResponses|bin|smooth|spectrogram|mask|normalize)\b(?=[^/]*\()/;

/** Operators on the stack of a failing read, innermost first. */
async function operatorsOf(read: () => Promise<unknown>): Promise<string[]> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 20;
  try {
    const { stack = "" } = await assertRejects(read, RangeError);
    return stack.split("\n").flatMap((line) => NAMES.exec(line)?.[1] ?? []);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

Deno.test("the stack of a failed read of responses lists the operators in order", async () => {
  const session = await lastValueFrom(
    of(failingSession()).pipe(
      detrend(),
      gate(),
      signal(),
      mapResponses((response) => response),
      bin(),
      smooth(),
    ),
  );
  const presentation = itemAt(await session.presentations(), 0);
  assertEquals(await operatorsOf(() => presentation.read()), [
    "detrend",
    "gate",
    "signal",
    "mapResponses",
    "bin",
    "smooth",
  ]);
});

Deno.test("the stack of a failed read of a stimulus lists the operators in order", async () => {
  const session = await lastValueFrom(
    of(failingSession()).pipe(
      bin(),
      spectrogram(),
      mask(),
      normalize({
        method: "global",
        ranges: { method: "global", stimulus: [0, 1], response: [0, 1] },
      }),
    ),
  );
  const { stimulus } = itemAt(await session.presentations(), 0);
  assertEquals(await operatorsOf(() => stimulus.read()), [
    "spectrogram",
    "mask",
    "normalize",
  ]);
});

Deno.test("a kernel that fails names its operator", async () => {
  const session = await lastValueFrom(
    of(someSession()).pipe(
      detrend(),
      mapResponses(() => {
        throw new RangeError("of the user");
      }),
      bin(),
    ),
  );
  const presentation = itemAt(await session.presentations(), 0);
  assertEquals(await operatorsOf(() => presentation.read()), [
    "mapResponses",
    "bin",
  ]);
});
