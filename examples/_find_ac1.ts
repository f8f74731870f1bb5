import { dataFolder, writeSyntheticAc1 } from "rxephys";

/**
 * The folder with CRCNS AC1: as given, `CRCNS_AC1_DATA`, or the cache folder.
 * Where there is none, a small synthetic release is written and used.
 */
export async function findAc1(given?: string): Promise<string> {
  const named = given ?? Deno.env.get("CRCNS_AC1_DATA");
  if (named) return named;
  const cached = dataFolder("crcns-ac1");
  if (await exists(cached)) return cached;
  const synthetic = dataFolder("crcns-ac1-synthetic");
  console.error(
    `No CRCNS AC1 here (looked for --data, CRCNS_AC1_DATA and ${cached}).\n` +
      `Using a small synthetic release in the same layout: ${synthetic}`,
  );
  if (!await exists(`${synthetic}/truth.json`)) {
    await writeSyntheticAc1(synthetic, { seed: 1, scale: "small" });
  }
  return synthetic;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
