import type { Session, SourceWarning } from "rxephys";
import { wehr } from "rxephys";
import { lastValueFrom, toArray } from "rxjs";

const FIXTURES = new URL("../../fixtures/", import.meta.url);

/** Session folder of each release that a test writes. */
export const SESSION = "wehr/Results/20020508-mw-003";

/** The usual stimulus of such a release. */
export const STIMULUS: Readonly<Record<string, string>> = {
  "wehr/Stimuli/fragments/1.mat": "stimulus",
};

/**
 * Writes a release from the fixture's parts and runs a test on it.
 *
 * @param files Path in the release to name of the part.
 * @param parts Folder of the parts.
 */
export async function withRelease(
  files: Readonly<Record<string, string>>,
  run: (folder: string) => Promise<void>,
  parts = "ac1-parts",
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, part] of Object.entries(files)) {
      const target = `${folder}/${path}`;
      await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
        recursive: true,
      });
      const source = new URL(`${parts}/${part}.mat`, FIXTURES);
      await Deno.copyFile(source, target);
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The sessions of a release, and its warnings as they come. */
export async function sessionsOf(
  folder: string,
): Promise<{ sessions: Session[]; warnings: SourceWarning[] }> {
  const warnings: SourceWarning[] = [];
  const stream = wehr(folder, { onWarning: (w) => warnings.push(w) });
  return { sessions: await lastValueFrom(stream.pipe(toArray())), warnings };
}
