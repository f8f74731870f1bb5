import { writeSyntheticAc1 } from "rxephys/synthetic";
import { extract } from "./extract.ts";

/**
 * Writes a Wehr half with many short sessions, no two of neighbours alike: trials of
 * a synthetic release under new names.
 *
 * @param count Number of sessions.
 * @param trialsEach Trials of each.
 * @returns Path of the folder, which `wehr()` takes.
 */
export async function writeManySessions(
  folder: string,
  count: number,
  trialsEach = 4,
): Promise<string> {
  const [small, data] = [`${folder}/small`, `${folder}/data`];
  await writeSyntheticAc1(small, { scale: 12 });
  await extract(`${small}/crcns-ac1.zip`, data);
  await Deno.remove(small, { recursive: true });
  const results = `${data}/wehr/Results`;
  const trials: string[] = [];
  for (const { name, isDirectory } of await entries(results)) {
    const path = `${results}/${name}`;
    if (isDirectory && /^\d{8}-mw-\d{3}$/.test(name)) {
      const files = await entries(path);
      trials.push(...files.map((file) => `${path}/${file.name}`));
    }
  }
  const bytes = await Promise.all(trials.map((path) => Deno.readFile(path)));
  await Deno.remove(results, { recursive: true });
  for (let at = 0; at < count; at++) {
    const id = `20030101-mw-${String(at + 1).padStart(3, "0")}`;
    await Deno.mkdir(`${results}/${id}`, { recursive: true });
    for (let trial = 0; trial < trialsEach; trial++) {
      const name = `${id}-${String(trial + 1).padStart(4, "0")}.mat`;
      const content = bytes[(at * trialsEach + trial) % bytes.length];
      if (content === undefined) throw new Error("The release has no trials");
      await Deno.writeFile(`${results}/${id}/${name}`, content);
    }
  }
  return data;
}

async function entries(folder: string): Promise<Deno.DirEntry[]> {
  const all = await Array.fromAsync(Deno.readDir(folder));
  return all.sort((a, b) => a.name < b.name ? -1 : 1);
}
