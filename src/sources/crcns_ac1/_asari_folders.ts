import { DataNotFoundError } from "../../errors.ts";
import type { Archive } from "../../archive/archive.ts";

/** Folder of the segments in the release's tree. */
export const ASARI_STIMULI = "asari/Stimuli/";

/** Parts of the Asari half, and the zip that holds each. */
const PARTS = [
  { pattern: /^asari\/Stimuli\/./, what: ASARI_STIMULI, zip: "crcns-ac1" },
  ...["asari-results-1", "asari-results-2"].map((root) => ({
    pattern: sessionFiles(root),
    what: `${root}/<session>/*.mat`,
    zip: `crcns-ac1-${root}`,
  })),
];

const SESSION_FILE = sessionFiles("asari-results-[12]");

/** Folder of a session and its recording files, by name. */
export interface AsariFolder {
  /** Path in the release's tree. */
  readonly path: string;
  /** Name of the session, `yyyymmdd-ha<n>-NNN`. */
  readonly id: string;
  readonly members: readonly string[];
}

/**
 * Lists the session folders of the Asari half: those of the first results folder
 * by name, then those of the second.
 *
 * @throws {DataNotFoundError} If parts are missing; it names all of them.
 */
export function asariFolders({ name, members }: Archive): AsariFolder[] {
  const paths = members.map(({ path }) => path).sort();
  const missing = PARTS.filter(({ pattern }) =>
    !paths.some((path) => pattern.test(path))
  );
  if (missing.length > 0) throw notFoundError(missing, name);
  const folders = new Map<string, AsariFolder & { members: string[] }>();
  for (const member of paths) {
    const match = SESSION_FILE.exec(member);
    if (!match) continue;
    const [, path = "", id = ""] = match;
    const folder = folders.get(path) ?? { path, id, members: [] };
    folders.set(path, folder);
    folder.members.push(member);
  }
  return [...folders.values()];
}

function sessionFiles(root: string): RegExp {
  return new RegExp(`^(${root}/(\\d+-[^/-]+-[^/]+))/[^/]+\\.mat$`);
}

function notFoundError(
  missing: readonly { readonly what: string; readonly zip: string }[],
  archive: string,
): DataNotFoundError {
  const parts = missing.map(({ what, zip }) => `${what} from ${zip}.zip`);
  return new DataNotFoundError(
    `Cannot find the Asari recordings: expected ${parts.join(", ")}`,
    { archive },
  );
}
