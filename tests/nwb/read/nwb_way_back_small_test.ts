import {
  crcnsAc1,
  crcnsAc1Pipeline,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { nwb, toNwb } from "rxephys/nwb";
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";
import { inFolder } from "../../support/in_folder.ts";
import { checkSameDataset, datasetOf } from "./_way_back.ts";

Deno.test("nwb: small releases come back from toNwb bit by bit", async () => {
  await inFolder(async (folder) => {
    const scale = "small";
    await writeSyntheticAc1(`${folder}/ac1`, { scale });
    await writeSyntheticWingert(`${folder}/wingert`, { scale });
    for (
      const [name, source, chain] of [
        ["ac1", crcnsAc1(`${folder}/ac1`), crcnsAc1Pipeline()],
        [
          "ferrets",
          wingert2026(`${folder}/wingert`),
          wingert2026Pipeline(),
        ],
      ] as const
    ) {
      const files = `${folder}/${name}`;
      await lastValueFrom(source.pipe(toNwb(files)));
      const after = await datasetOf(nwb(files), chain);
      checkSameDataset(after, await datasetOf(source, chain));
    }
  });
});
