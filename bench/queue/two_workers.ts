/**
 * Measures two workers of one thread each beside one, in turns, on the same queue:
 * from their start to the end of the last, the start of Deno included. Compares the
 * shards first, whose names are sums of their content. Needs redis-server.
 *
 * Run: `deno run -A bench/queue/two_workers.ts RELEASE [data set] [pairs]`
 */
import { startCommand } from "../../tests/command/_run_command.ts";
import { redisServer } from "../../tests/support/servers/redis_server.ts";
import { median } from "../_statistics.ts";

const [release = "", dataSet = "crcns-ac1", pairs = "3"] = Deno.args;
const folder = await Deno.makeTempDir();
const server = await redisServer(folder);

try {
  const ratios: number[] = [];
  for (let pair = 0; pair < Number(pairs); pair++) {
    const one = await written(1, `one-${pair}`);
    const two = await written(2, `two-${pair}`);
    if (one.shards !== two.shards) throw new Error("The shards differ");
    const ratio = one.seconds / two.seconds;
    ratios.push(ratio);
    console.log(
      `one worker ${one.seconds.toFixed(1)} s, two ` +
        `${two.seconds.toFixed(1)} s, ratio ${ratio.toFixed(2)}`,
    );
  }
  console.log(`median ratio ${median(ratios).toFixed(2)}`);
} finally {
  await server[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
}

/** Writes a release by some workers; the names of its shards. */
async function written(
  workers: number,
  name: string,
): Promise<{ readonly seconds: number; readonly shards: string }> {
  const place = `${folder}/${name}`;
  await run(["submit", release, place, "--dataset", dataSet, "--queue", name]);
  const started = performance.now();
  const work = ["work", "--threads", "1", "--until-empty", "--queue", name];
  await Promise.all(Array.from({ length: workers }, () => run(work)));
  const seconds = (performance.now() - started) / 1000;
  const names = await Array.fromAsync(
    Deno.readDir(`${place}/shards`),
    ({ name }) => name,
  );
  await Deno.remove(place, { recursive: true });
  return { seconds, shards: names.sort().join("\n") };
}

async function run(args: readonly string[]): Promise<void> {
  const env = { REDIS_URL: server.url };
  const { code, stderr } = await startCommand([...args, "-q"], { env })
    .output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
}
