import { createHash } from "node:crypto";
import { fromFileUrl } from "@std/path";
import {
  type CellResponse,
  crcnsAc1Pipeline,
  type PresentationItem,
  type Session,
  type StimMeta,
  type Tensor,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { lastValueFrom, type Observable, toArray } from "rxjs";
import { assert, assertEquals } from "../../support/assert.ts";
import {
  hasInteropPython,
  interopPython,
} from "../../support/interop_python.ts";
import { FILE_SINKS } from "../../support/sessions/file_sinks.ts";
import { lineageOf } from "../../../src/stream/lineage.ts";
import { inFolder } from "../../support/in_folder.ts";
import { itemAt } from "../../support/item_at.ts";

interface Head {
  readonly type: "stimulus" | "response";
  readonly name: string;
  readonly stimulus: number;
  readonly key: string;
  readonly session?: string;
  readonly lengths?: readonly number[];
  readonly meta: StimMeta;
}

/** Array as `interop.py` prints it. */
interface Found {
  readonly head: Head;
  readonly sha256: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

const STREAMS: Readonly<Record<string, () => Observable<Session>>> = {
  "AC1": () => wehr("tests/fixtures/ac1-tiny").pipe(crcnsAc1Pipeline()),
  "Wingert": () =>
    wingert2026("tests/fixtures/wingert-small").pipe(wingert2026Pipeline()),
  "raw sessions": () => wehr("tests/fixtures/ac1-tiny"),
};

for (const [format, sink] of Object.entries(FILE_SINKS)) {
  for (const [name, stream] of Object.entries(STREAMS)) {
    Deno.test({
      name: `interop: Python reads ${name} from ${format} with equal values`,
      ignore: !hasInteropPython,
      fn: () =>
        inFolder(async (folder) => {
          const path = `${folder}/x`;
          await lastValueFrom(stream().pipe(sink(path)));
          const found = await readByPython(format, path);
          const expected = await inMemory(stream());
          assertEquals(new Set(found.map(identity)).size, found.length);
          assertEquals(found.map(identity).sort(), [...expected.keys()].sort());
          for (const array of found) {
            assertEquals(
              described(array),
              expected.get(identity(array)),
              array.head.name,
            );
          }
          assertNumbered(found);
          const isRagged = found.some(({ head }) => head.lengths);
          assertEquals(isRagged, name === "raw sessions");
        }),
    });
  }
}

async function readByPython(format: string, path: string): Promise<Found[]> {
  const script = fromFileUrl(new URL("interop.py", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(interopPython, {
    args: [script, format, path],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Key of an array, without the numbers that its file assigns. */
function identity({ head: { type, key, session, meta } }: Found): string {
  return JSON.stringify([type, key, session, sortedEntries(meta)]);
}

function sortedEntries(meta: StimMeta): unknown {
  return Object.entries(meta).filter(([, value]) => value !== undefined).sort();
}

function described({ head, sha256, shape, dtype }: Found): unknown {
  return { sha256, shape, dtype, lengths: head.lengths };
}

async function inMemory(
  sessions: Observable<Session>,
): Promise<Map<string, unknown>> {
  const expected = new Map<string, unknown>();
  const add = (
    head: Pick<Head, "key" | "meta" | "session" | "type">,
    values: Float32Array,
    extent: { shape: readonly number[]; lengths?: readonly number[] },
  ): void => {
    const sha256 = createHash("sha256")
      .update(new Uint8Array(values.slice().buffer)).digest("hex");
    const found = { head: { name: "", stimulus: 0, ...head }, sha256 };
    expected.set(identity({ ...found, shape: [], dtype: "" }), {
      ...{ sha256, shape: extent.shape, dtype: "<f4" },
      lengths: extent.lengths,
    });
  };
  const first = new Map<string, string>();
  for await (const item of uncut(sessions)) {
    const { session, stimulus: { key, meta }, stims, responses } = item;
    const isHeard = responses.some((response) => response !== null);
    if (!isHeard && lineageOf(session).cellNumbers === undefined) continue;
    const tensor: Pick<Tensor, "data" | "shape"> = "shape" in stims ? stims : {
      data: Float32Array.from(stims.samples),
      shape: [stims.samples.length],
    };
    const firstId = first.get(key) ?? session.id;
    first.set(key, firstId);
    const head = { type: "stimulus", session: firstId, key } as const;
    add({ ...head, meta }, tensor.data, tensor);
    for (const [n, response] of responses.entries()) {
      if (response === null) continue;
      const own = { ...session.cells[n], signalType: response.kind };
      const head = { type: "response", session: session.id, key } as const;
      add({ ...head, meta: own }, valuesOf(response), extentOf(response));
    }
  }
  return expected;
}

/** Presentations as files store them, each array with its own T. */
async function* uncut(
  sessions: Observable<Session>,
): AsyncGenerator<
  Pick<PresentationItem, "session" | "stimulus" | "stims" | "responses">
> {
  for (const session of await lastValueFrom(sessions.pipe(toArray()))) {
    for (const { stimulus, read } of await session.presentations()) {
      const stims = await stimulus.read();
      const { responses } = await read();
      yield { session, stimulus, stims, responses };
    }
  }
}

function valuesOf({ repeats, scale }: CellResponse): Float32Array {
  return Float32Array.from(
    repeats.flatMap((repeat) => Array.from(repeat, (value) => value * scale)),
  );
}

function extentOf(
  { repeats }: CellResponse,
): { shape: number[]; lengths?: number[] } {
  const lengths = repeats.map(({ length }) => length);
  const isRagged = lengths.some((length) => length !== lengths[0]);
  return isRagged
    ? { shape: [lengths.reduce((a, b) => a + b)], lengths }
    : { shape: [lengths.length, itemAt(lengths, 0)] };
}

/** Asserts that stimuli are numbered from 0 and responses have their stimulus' number. */
function assertNumbered(found: readonly Found[]): void {
  const numbers = new Map<string, number>();
  for (const { head: { type, key, stimulus } } of found) {
    if (type === "stimulus") numbers.set(key, stimulus);
  }
  assertEquals(
    [...numbers.values()].sort((a, b) => a - b),
    [...numbers.keys()].map((_, i) => i),
  );
  for (const { head: { key, stimulus } } of found) {
    assert(numbers.get(key) === stimulus);
  }
}
