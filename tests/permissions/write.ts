import {
  crcnsAc1Pipeline,
  readDataset,
  toNdjson,
  toNpz,
  toSafetensors,
  toZarr,
  wehr,
} from "rxephys";
import { toNwb } from "rxephys/nwb";
import { lastValueFrom } from "rxjs";

const [data, out] = Deno.args;
for (
  const [path, sink] of [
    [`${out}/wehr.ndjson`, toNdjson],
    [`${out}/wehr.npz`, toNpz],
    [`${out}/wehr.safetensors`, toSafetensors],
    [`${out}/wehr.zarr`, toZarr],
  ] as const
) {
  await lastValueFrom(wehr(data).pipe(crcnsAc1Pipeline(), sink(path)));
  console.log(String(await readDataset(path)));
}
await lastValueFrom(wehr(data).pipe(toNwb(`${out}/nwb`)));
