import { assert } from "../../support/assert.ts";
import { FILE_SINKS } from "../../support/sessions/file_sinks.ts";
import { writeNoise } from "../../support/sessions/write_noise.ts";
import { inFolder } from "../../support/in_folder.ts";

const [LESS, MORE] = [40, 200];

for (const format of Object.keys(FILE_SINKS)) {
  if (format === "NDJSON of numbers") continue;
  Deno.test(`${format}: ${MORE} MB take no more memory than ${LESS} MB`, () =>
    inFolder(async (folder) => {
      const less = await writeNoise(format, `${folder}/less`, LESS);
      const more = await writeNoise(format, `${folder}/more`, MORE);
      assert(more.bytes > MORE * 1e6);
      // A sink that kept its output in memory would take 160 MB more.
      const growth = (more.peakRss - less.peakRss) / 1e6;
      assert(growth < (MORE - LESS) / 2, `${growth} MB more`);
      assert(more.peakRss < 400e6, `${more.peakRss} bytes`);
    }));
}

Deno.test("normalize: a pass keeps what it reads in a file, not in memory", () =>
  inFolder(async (folder) => {
    const less = await writeNoise("NPZ", `${folder}/less`, LESS, "normalize");
    const more = await writeNoise("NPZ", `${folder}/more`, MORE, "normalize");
    const growth = (more.peakRss - less.peakRss) / 1e6;
    assert(growth < (MORE - LESS) / 2, `${growth} MB more`);
    assert(more.peakRss < 400e6, `${more.peakRss} bytes`);
  }));
