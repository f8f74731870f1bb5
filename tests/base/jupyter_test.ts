import { mask, type Session, sessionsFrom, toDataset } from "rxephys";
import { firstValueFrom, lastValueFrom, type Observable } from "rxjs";
import {
  displayable,
  escapeHtml,
  htmlTable,
  JUPYTER_DISPLAY,
} from "../../src/base/jupyter.ts";
import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";

const EVIL = "<img src=x onerror=alert(1)>\"'&";

/** Sessions with two cells, one of an evil name. */
function sessions(): Observable<Session> {
  const dtMs = 5;
  return sessionsFrom([{
    id: EVIL,
    cells: [{ cellId: EVIL }, { cellId: "b", [EVIL]: EVIL }],
    presentations: [{
      stimulus: {
        key: "a",
        spectrogram: { bands: [[1, 2, 3, 4], [5, 6, 7, 8]], dtMs },
      },
      spikes: { dtMs, timesMs: [[[1, 7]], [[2], [3]]] },
    }],
  }]);
}

function contentOf(value: object): Readonly<Record<string, string>> {
  return Reflect.get(value, JUPYTER_DISPLAY)();
}

Deno.test("escapeHtml and htmlTable: no text becomes markup", () => {
  assertEquals(
    escapeHtml(EVIL),
    "&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;",
  );
  const html = htmlTable(EVIL, [EVIL], [[EVIL], [1]]);
  assertEquals(html.match(/<[a-z]+/g), [
    ...["<table", "<caption", "<thead", "<tr", "<th", "<tbody"],
    ...["<tr", "<td", "<tr", "<td"],
  ]);
});

Deno.test("displayable: invisible but to a notebook", () => {
  const value = displayable({ a: 1 }, () => "html", () => "text");
  assertEquals(contentOf(value), { "text/html": "html", "text/plain": "text" });
  assertEquals(value, { a: 1 });
  assertEquals(JSON.stringify({ ...value }), '{"a":1}');
  assertEquals(Deno.inspect(value), "{ a: 1 }");
});

Deno.test("a session and a dataset show their cells, without markup of theirs", async () => {
  const session = await firstValueFrom(sessions().pipe(mask()));
  const dataset = await lastValueFrom(sessions().pipe(mask(), toDataset()));
  for (const value of [session, dataset]) {
    const { "text/html": html = "", "text/plain": text = "" } = contentOf(
      value,
    );
    assert(!html.includes("<img"), html);
    assertStringIncludes(html, "&#60;img");
    assertEquals(html.match(/<tr>/g)?.length, 3);
    assert(text.length > 0);
  }
  assertEquals(contentOf(session)["text/plain"], `Session ${EVIL}, cells: 2`);
});
