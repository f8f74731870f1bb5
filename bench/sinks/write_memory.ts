/**
 * Measures memory and speed of the sinks that write files: 0.25 and 1 GB of
 * tensors, generated on read, each in a separate process.
 *
 * Run: `deno run -A bench/sinks/write_memory.ts [folder]`
 */
import { FILE_SINKS } from "../../tests/support/sessions/file_sinks.ts";
import { writeNoise } from "../../tests/support/sessions/write_noise.ts";

const [parent] = Deno.args;
const folder = await Deno.makeTempDir(
  parent === undefined ? {} : { dir: parent },
);
try {
  for (const format of Object.keys(FILE_SINKS)) {
    for (const megabytes of [250, 1000]) {
      const path = `${folder}/x`;
      const { bytes, seconds, peakRss } = await writeNoise(
        format,
        path,
        megabytes,
      );
      await Deno.remove(path, { recursive: true });
      const speed = (megabytes / seconds).toFixed(0);
      const figures = [
        `${megabytes} MB of tensors`,
        `${(bytes / 1e6).toFixed(0)} MB written`,
        `${seconds.toFixed(1)} s, ${speed} MB/s`,
        `peak RSS ${(peakRss / 1e6).toFixed(0)} MB`,
      ];
      console.log(`${format.padEnd(18)} ${figures.join(", ")}`);
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
