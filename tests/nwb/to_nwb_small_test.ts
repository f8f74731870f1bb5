import { asari, wehr, wingert2026 } from "rxephys";
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { inFolder } from "../support/in_folder.ts";
import { checkWritten } from "./_check_written.ts";
import { hasNwbPython } from "./_nwb_python.ts";

Deno.test("toNwb: pynwb and nwbinspector find nothing in small releases", {
  ignore: !hasNwbPython,
}, async () => {
  await inFolder(async (folder) => {
    const scale = "small";
    await writeSyntheticAc1(`${folder}/ac1`, { scale });
    await writeSyntheticWingert(`${folder}/wingert`, { scale });
    const ferrets = wingert2026(`${folder}/wingert`);
    await checkWritten(folder, {
      "wehr-files": { sessions: wehr(`${folder}/ac1`), compression: "gzip" },
      "asari-files": { sessions: asari(`${folder}/ac1`) },
      "ferret-files": { sessions: ferrets },
    });
  });
});
