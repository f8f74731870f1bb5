/**
 * Writes synthetic releases: MB of zips per second, in one process per release to
 * measure its peak memory. Every release is written once before it is timed, and
 * the size of its zips is checked.
 *
 *     deno run -A bench/synthetic/write_synthetic_ac1_bench.ts 1000   # one size, in MB
 *     deno bench -A bench/synthetic/write_synthetic_ac1_bench.ts      # 2, 20, 100 MB
 */
import { writeSyntheticAc1 } from "../../src/synthetic/write_synthetic_ac1.ts";

const MEGABYTES = [2, 20, 100];

interface WriteFigures {
  readonly bytes: number;
  readonly seconds: number;
  readonly peakRss: number;
}

if (import.meta.main && Deno.args.length === 1) {
  console.log(JSON.stringify(await write(Number(Deno.args[0]))));
} else {
  for (const megabytes of MEGABYTES) {
    const { bytes, seconds, peakRss } = await writeApart(megabytes);
    const ratio = bytes / (megabytes * 1e6);
    if (!(ratio > 0.75 && ratio < 1.25)) {
      throw new Error(`a release of ${megabytes} MB has ${bytes} bytes`);
    }
    console.log(
      `${megabytes} MB: ${(bytes / 1e6 / seconds).toFixed(1)} MB/s, ` +
        `peak RSS ${(peakRss / 1e6).toFixed(0)} MB`,
    );
    Deno.bench({
      name: `writeSyntheticAc1 ${megabytes} MB`,
      group: "synthetic release",
      n: 3,
      warmup: 0,
      fn: async () => {
        await write(megabytes);
      },
    });
  }
}

async function write(scale: number): Promise<WriteFigures> {
  const dir = await Deno.makeTempDir();
  try {
    let bytes = 0;
    let peakRss = 0;
    const started = performance.now();
    await writeSyntheticAc1(dir, {
      scale,
      onProgress: (progress) => {
        bytes = progress.bytes;
        peakRss = Math.max(peakRss, Deno.memoryUsage().rss);
      },
    });
    const seconds = (performance.now() - started) / 1000;
    return { bytes, seconds, peakRss };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function writeApart(megabytes: number): Promise<WriteFigures> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.filename ?? "", String(megabytes)],
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
