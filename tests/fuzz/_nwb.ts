import { checkedLimits } from "../../src/base/limits.ts";
import { DataError, RecordingError } from "../../src/errors.ts";
import { checkedNwbSource } from "../../src/nwb/read/_checked_options.ts";
import {
  emptyError,
  nwbContext,
  nwbSession,
} from "../../src/nwb/read/_sessions.ts";
import { openHdf5 } from "../../src/nwb/read/hdf5/hdf5_file.ts";
import { Hdf5Workers } from "../../src/nwb/read/hdf5/workers.ts";
import type { Stimulus } from "../../src/session.ts";
import { SourceWarnings } from "../../src/sources/shared/warnings.ts";
import { fixtures } from "./_inputs.ts";
import { mutated } from "./_mutated.ts";
import { CASE_FOLDER } from "./_readback.ts";
import type { FuzzReader } from "./readers.ts";

/** Workers that go on to the next file, however many files are closed. */
class KeptWorkers extends Hdf5Workers {
  override rest(): void {}
}

const ACT = "stream NWB";
const WORKERS = new KeptWorkers({ stallMs: 300 });
const { options } = checkedNwbSource(ACT, {});
const LIMITS = checkedLimits(ACT, { readBytes: 2 ** 24 });
/** Small files of pynwb, each of another layout, that need no options. */
const FILES = fixtures(
  "nwb",
  ".nwb",
  /^(circles|compressed|latest|paged|plain|ragged|strings|userblock)/,
);
const [SOUND] = fixtures("nwb-hdf5", ".h5", /^v110/) as [Uint8Array];

/**
 * Damaged NWB files. After each that is refused, a sound one is opened by what is
 * left of the library, and must give its values.
 */
export const nwbReader: FuzzReader = {
  name: "nwb",
  inputs: mutated(FILES),
  async read(bytes): Promise<void> {
    try {
      await readSession(bytes);
    } catch (error) {
      if (error instanceof DataError) await checkSound();
      throw error;
    }
  },
};

/** @throws {Error} If a sound file has other values than it should. */
async function checkSound(): Promise<void> {
  const path = `${CASE_FOLDER}/sound.h5`;
  Deno.writeFileSync(path, SOUND);
  await using file = await openHdf5(path, { workers: WORKERS });
  const { data } = await file.read("layouts/filters");
  const isRamp = (data as Int16Array).every((value, i) => value === i);
  if (!isRamp) throw new Error("a sound file behind it has other values");
}

/** Reads all values of the session of a file. */
async function readSession(bytes: Uint8Array): Promise<void> {
  Deno.mkdirSync(CASE_FOLDER, { recursive: true });
  const path = `${CASE_FOLDER}/case.nwb`;
  Deno.writeFileSync(path, bytes);
  const context = nwbContext(
    options,
    LIMITS,
    new SourceWarnings(() => {}),
    WORKERS,
  );
  try {
    const session = await nwbSession(path, context, new Set(), undefined);
    if (session === null) throw emptyError(path, context);
    for (const { stimulus, read } of await session.presentations()) {
      await readWaveform(stimulus);
      await read();
    }
  } finally {
    await context.files.close();
  }
}

/** Reads the waveform, if the file has one. */
async function readWaveform({ read }: Stimulus): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
  }
}
