import { bin, mapResponses, type Session } from "rxephys";
import { lastValueFrom, map, of } from "rxjs";
import {
  editOf,
  lineageOf,
  linksOf,
  type ReadAheadHost,
  withLineage,
} from "../../src/stream/lineage.ts";
import { hostOf } from "../../src/stream/read_ahead.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { readySession } from "../support/sessions/ready_session.ts";

const HOST: ReadAheadHost = {
  concurrency: 3,
  begin: () => {
    throw new Error("not asked");
  },
};
const SOURCE = {
  source: { module: "file:///m.ts", name: "open", args: [] },
  hint: 7,
  warn: (): void => {},
};

function session(): Session {
  const whole = readySession("x", 2, []);
  return withLineage(readySession("x", 2, []), {
    ...{ cellNumbers: [4, 2], whole, source: SOURCE, host: HOST },
  });
}

Deno.test("lineage: a spread with another name and other cells keeps it", () => {
  const made = session();
  const edited = { ...made, id: "y", cells: [{ lab: "a" }, { lab: "b" }] };
  assertEquals(lineageOf(edited), lineageOf(made));
  assert(lineageOf(edited).source === SOURCE);
  assert(hostOf(edited)?.host === HOST);
  assertEquals(editOf(made), null);
  assertEquals(editOf(edited), { id: "y", cells: edited.cells });
});

Deno.test("lineage: a spread with other presentations keeps only what concerns its cells", () => {
  const made = withLineage(session(), { partOf: session });
  const own = { ...made, presentations: () => made.presentations() };
  assertEquals(lineageOf(own), { cellNumbers: [4, 2], partOf: session });
  assertEquals(hostOf(own), undefined);
  const fewer = { ...own, cells: made.cells.slice(1) };
  assertEquals(lineageOf(fewer), { partOf: session });
});

Deno.test("lineage: operators add steps, which a spread between them keeps", async () => {
  const [before, after] = [session(), { ...session(), id: "y" }];
  for (const start of [before, after]) {
    const out = await lastValueFrom(
      of(start).pipe(
        bin(),
        map((session) => ({ ...session, cells: [...session.cells] })),
        mapResponses((response) => response),
      ),
    );
    const links = linksOf(out);
    assertEquals(links.map(({ step }) => step.name), ["bin", "mapResponses"]);
    assert(itemAt(links, 0).previous === start);
    assertEquals(lineageOf(out).cellNumbers, [4, 2]);
    assertEquals(lineageOf(out).source, undefined);
  }
});

Deno.test("lineage: other presentations between operators end the history", async () => {
  const out = await lastValueFrom(
    of(session()).pipe(
      bin(),
      map((session) => ({
        ...session,
        presentations: async () => (await session.presentations()).slice(1),
      })),
      mapResponses((response) => response),
    ),
  );
  assertEquals(linksOf(out).map(({ step }) => step.name), ["mapResponses"]);
});

Deno.test("lineage: methods of a class stay bound in spreads", async () => {
  class Counted implements Session {
    readonly id = "x";
    readonly cells = [];
    #reads = 0;
    presentations(): Promise<[]> {
      this.#reads++;
      return Promise.resolve([]);
    }
    get reads(): number {
      return this.#reads;
    }
  }
  const counted = new Counted();
  const made = withLineage(counted, { source: SOURCE });
  await { ...made, id: "y" }.presentations();
  assertEquals(counted.reads, 1);
});

Deno.test("lineage: is hidden from printing, JSON and structured clones", () => {
  const made = session();
  const { presentations: _, ...plain } = made;
  assertEquals(JSON.parse(JSON.stringify(made)), {
    id: "x",
    cells: made.cells,
  });
  assertEquals(Object.getOwnPropertySymbols(structuredClone(plain)), []);
  const shown = Deno.inspect(made);
  assert(!shown.includes("file:///m.ts"), shown);
});
