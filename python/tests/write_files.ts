/**
 * Writes small datasets in every format, and the result of `toDataset()` for the same
 * sessions: `write_files.ts FOLDER`.
 */
import { createHash } from "node:crypto";
import {
  bin,
  crcnsAc1,
  crcnsAc1Pipeline,
  mask,
  type NeuralDataset,
  type Presentation,
  type Session,
  signal,
  type Tensor,
  toDataset,
  toNdjson,
  toNpz,
  toSafetensors,
  toZarr,
  type Trials,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom, map } from "rxjs";

const [folder = "."] = Deno.args;
await writeSyntheticAc1(`${folder}/ac1-data`);
await writeSyntheticWingert(`${folder}/wingert-data`);
const ac1 = crcnsAc1(`${folder}/ac1-data`);
const wingert = wingert2026(`${folder}/wingert-data`, { site: "CLT027c" });
const datasets = {
  ac1: ac1.pipe(map(withOddText), crcnsAc1Pipeline()),
  // Silent cells, and notes after the last array.
  wingert: wingert.pipe(wingert2026Pipeline(), map(silenced)),
  waveforms: wehr(`${folder}/ac1-data`).pipe(signal(), bin(), mask()),
};
for (const [name, sessions] of Object.entries(datasets)) {
  const path = `${folder}/${name}`;
  for (
    const sink of [
      toNdjson(`${path}.ndjson`),
      toNdjson(`${path}.numbers.ndjson`, { arrays: "numbers" }),
      toNpz(`${path}.npz`),
      toSafetensors(`${path}.safetensors`),
      toZarr(`${path}.zarr`),
    ]
  ) await lastValueFrom(sessions.pipe(sink));
  const dataset = await lastValueFrom(sessions.pipe(toDataset()));
  await Deno.writeTextFile(`${path}.json`, JSON.stringify(expected(dataset)));
}
await lastValueFrom(ac1.pipe(toSafetensors(`${folder}/raw.safetensors`)));

/** Puts what readers search for into the metadata. */
function withOddText(session: Session): Session {
  const description = '"responses/0.0":"{ "tally": ,"data":"AAAA" \\" \n' +
    ',"responses/9.9":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}';
  const cells = session.cells.map((cell) => ({ ...cell, description }));
  return { ...session, cells };
}

/** Removes all responses of the first cell. */
function silenced(session: Session): Session {
  return {
    ...session,
    async presentations(options): Promise<readonly Presentation[]> {
      const presentations = await session.presentations(options);
      return presentations.map((presentation) => ({
        ...presentation,
        async read(options): Promise<Trials> {
          const { responses, tally } = await presentation.read(options);
          return { responses: responses.with(0, null), tally };
        },
      }));
    },
  };
}

function expected(dataset: NeuralDataset): object {
  const { stims, responses, nrnMasks, stimMeta, nrnMeta, stimKeys } = dataset;
  const { dt, F, signalType, tally } = dataset;
  return {
    ...{ nrnMasks, stimMeta, nrnMeta, stimKeys, dt, F, signalType, tally },
    bandsHz: stims[0]?.bandsHz ?? null,
    samplesPerBin: dataset.samplesPerBin ?? null,
    stims: stims.map(summary),
    responses: responses.map((row) => row.map(summary)),
  };
}

function summary({ data, shape }: Tensor): object {
  const bytes = new Uint8Array(data.slice().buffer);
  return { shape, sha256: createHash("sha256").update(bytes).digest("hex") };
}
