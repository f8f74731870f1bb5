import { assert, assertEquals } from "../../support/assert.ts";
import { inFolder } from "../../support/in_folder.ts";
import { readTraces, writeTraces } from "../../support/sessions/run_traces.ts";

const [LESS, MORE] = [40, 200];
/** Bytes of a trace. */
const TRACE_BYTES = 200_000;

Deno.test(`nwb: ${MORE} MB of traces take no more memory than ${LESS} MB`, () =>
  inFolder(async (folder) => {
    await writeTraces(`${folder}/less`, LESS);
    await writeTraces(`${folder}/more`, MORE);
    const less = await readTraces(`${folder}/less`);
    const more = await readTraces(`${folder}/more`);
    assertEquals(less.sums.length, LESS * 1e6 / TRACE_BYTES);
    assertEquals(more.sums.length, MORE * 1e6 / TRACE_BYTES);
    // A reader that kept its traces would take 160 MB more.
    const growth = (more.peakRss - less.peakRss) / 1e6;
    assert(growth < (MORE - LESS) / 2, `${growth} MB more`);
    assert(more.peakRss < 300e6, `${more.peakRss} bytes`);
  }));
