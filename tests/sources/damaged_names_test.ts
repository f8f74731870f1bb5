import { DataError, type Session, wehr } from "rxephys";
import { lastValueFrom, toArray } from "rxjs";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { randomBelow } from "../support/archives/archive_fixtures.ts";

const ZIP = await Deno.readFile(`${AC1_TINY}/crcns-ac1.zip`);
const ROUNDS = 120;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_HEADER = 46;

/** Bytes of all names in the directory. */
function nameBytes(): number[] {
  const view = new DataView(ZIP.buffer);
  let at = view.getUint32(ZIP.length - 6, true);
  const places: number[] = [];
  while (view.getUint32(at, true) === CENTRAL_SIGNATURE) {
    const length = view.getUint16(at + 28, true);
    for (let i = 0; i < length; i++) places.push(at + CENTRAL_HEADER + i);
    at += CENTRAL_HEADER + length + view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
  }
  return places;
}

async function recordings(zip: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const file = new File([zip], "crcns-ac1.zip");
  const sessions = await lastValueFrom(wehr(file).pipe(toArray()));
  return await Promise.all(sessions.map(contentOf));
}

async function contentOf({ id, ...session }: Session): Promise<unknown> {
  const presentations = await session.presentations();
  const all = await Promise.all(presentations.map(async (presentation) => {
    const { responses } = await presentation.read();
    return [
      presentation.stimulus.key,
      responses.map((response) => response?.repeats.length),
    ];
  }));
  return [id, all];
}

Deno.test("wehr: one changed byte of a name in a zip's directory drops no trial", async () => {
  const places = nameBytes();
  const sound = await recordings(ZIP);
  const below = randomBelow(20020508);
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const place = places[below(places.length)] ?? 0;
    const zip = ZIP.slice();
    zip[place] = (zip[place] ?? 0) ^ (1 + below(255));
    try {
      assertEquals(await recordings(zip), sound, `byte ${place}`);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      refused++;
    }
  }
  assert(refused > ROUNDS / 2, `${refused} were refused`);
});
