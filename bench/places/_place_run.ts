/**
 * Copies a file to a place and back, as a process of its own.
 *
 * Run: `deno run -A bench/places/_place_run.ts up|down PLACE KEY PATH`. It prints
 * seconds and the peak of resident memory in MB.
 */
import { openPlace } from "../../src/places/open_place.ts";
import { peakRss } from "../../tests/support/peak_rss.ts";

const [verb, name = "", key = "", path = ""] = Deno.args;
const place = await openPlace(name);
const start = performance.now();
if (verb === "up") {
  await place.putFile(key, path);
} else {
  await using file = await place.file(key);
  const { size } = await Deno.stat(file.path);
  if (size !== (await Deno.stat(path)).size) throw new Error("another length");
}
const seconds = (performance.now() - start) / 1000;
console.log(`${seconds.toFixed(3)} ${(peakRss() / 1e6).toFixed(0)}`);
