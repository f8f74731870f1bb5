import { dataFolder, writeSyntheticWingert } from "rxephys";

/**
 * The folder with Wingert 2026: as given, `WINGERT2026_DATA`, or the cache
 * folder. Where there is none, a small synthetic release is written and used.
 */
export async function findWingert2026(given?: string): Promise<string> {
  const named = given ?? Deno.env.get("WINGERT2026_DATA");
  if (named) return named;
  const cached = dataFolder("wingert2026");
  if (await exists(`${cached}/cell_list.csv`)) return cached;
  const synthetic = dataFolder("wingert2026-synthetic");
  console.error(
    "No Wingert 2026 here (looked for --data, WINGERT2026_DATA and " +
      `${cached}).\n` +
      `Using a small synthetic release in the same layout: ${synthetic}`,
  );
  if (!await exists(`${synthetic}/truth.json`)) {
    await writeSyntheticWingert(synthetic, { seed: 1, scale: "small" });
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
