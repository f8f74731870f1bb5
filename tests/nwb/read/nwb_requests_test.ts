import { type Session, sessionsFrom } from "rxephys";
import { nwb, toNwb } from "rxephys/nwb";
import { lastValueFrom, toArray } from "rxjs";
import { assert, assertEquals } from "../../support/assert.ts";
import { inFolder } from "../../support/in_folder.ts";
import { itemAt } from "../../support/item_at.ts";
import { rangeServer } from "../../support/servers/range_server.ts";
import { hasNwbPython, makeLargeNwb } from "../_nwb_python.ts";

/**
 * Most requests and bytes until the sessions and their cells are known. Measured: 9
 * and 590 kB for pynwb, 5 and 328 kB for toNwb.
 */
const MOST_REQUESTS = 12;
const MOST_BYTES = 1e6;
/** Length of the files. */
const FILE_BYTES = 50e6;

/** Reads the only session of a file behind a server, counting what it costs. */
async function checkListing(path: string, cells: number): Promise<Session> {
  const bytes = await Deno.readFile(path);
  assert(bytes.length > FILE_BYTES, `the file has ${bytes.length} bytes`);
  await using server = rangeServer({ "a.nwb": bytes });
  const all = nwb(`${server.url}a.nwb`).pipe(toArray());
  const sessions = await lastValueFrom(all);
  assertEquals(sessions.map((session) => session.cells.length), [cells]);
  const { requests, bytesAsked } = server;
  assert(requests.length <= MOST_REQUESTS, `${requests.length} requests`);
  assert(bytesAsked <= MOST_BYTES, `${bytesAsked} bytes`);
  return itemAt(sessions, 0);
}

Deno.test("nwb: a file of pynwb on a server is listed by few requests", {
  ignore: !hasNwbPython,
}, async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/large.nwb`;
    await makeLargeNwb(path);
    const { cells } = await checkListing(path, 150);
    assertEquals(cells[149]?.quality, "mua");
  });
});

Deno.test("nwb: a file of toNwb on a server is listed by few requests", async () => {
  await inFolder(async (folder) => {
    const repeat = Int16Array.from({ length: 250_000 }, (_, i) => i * 7919);
    const samples = Float32Array.from({ length: 44_100 }, (_, i) => i % 100);
    const cellIds = Array.from({ length: 20 }, (_, cell) => `cell ${cell}`);
    const recording = sessionsFrom([{
      id: "long",
      cells: cellIds.map((cellId) => ({ cellId, species: "mouse" })),
      presentations: Array.from({ length: 5 }, (_, number) => ({
        stimulus: {
          key: `tone ${number}`,
          waveform: { samples, rateHz: 44_100 },
        },
        traces: { repeats: cellIds.map(() => [repeat]), rateHz: 10_000 },
      })),
    }]);
    const path = `${folder}/nwb`;
    await lastValueFrom(recording.pipe(toNwb(path)));
    const { cells } = await checkListing(`${path}/long.nwb`, 20);
    assertEquals(cells.map(({ cellId }) => cellId), cellIds);
  });
});
