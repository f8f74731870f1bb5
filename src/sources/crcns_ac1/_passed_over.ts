import type { ReadOptions } from "../../base/abort.ts";
import type { Archive } from "../../archive/archive.ts";
import type { MountPart } from "../../archive/mount.ts";

/** Files of the release, by their path in its tree. */
const FILES = [
  "wehr/Summary\\.mat",
  "wehr/Stimuli/fragments/\\d+\\.mat",
  "wehr/Stimuli/category[123]/\\d+\\.mat",
  "wehr/Results/\\d{4}[^/]*/[^/]+\\.mat",
  "asari/Stimuli/class\\d+/[^/]+\\.mat",
  "asari-results-[12]/\\d+-[^/-]+-[^/]+/[^/]+\\.mat",
];
const LAYOUT = new RegExp(`^(?:${FILES.join("|")})$`);

/** Stands for any character of a path, which never has it. */
const ANY = "\0";
const LAYOUT_OR_ANY = new RegExp(`^(?:${FILES.map(orAny).join("|")})$`);

/** Pattern that accepts {@linkcode ANY} for every character. */
function orAny(pattern: string): string {
  const parts = /\\.|\[[^\]]+\]|\{\d+\}|[+*]|./g;
  return pattern.replace(parts, (part) => {
    if (/^[{+*]/.test(part) || part.startsWith("[^")) return part;
    return part.startsWith("[") ? `[${ANY}${part.slice(1)}` : `[${ANY}${part}]`;
  });
}

/** Characters of a path, far more than the release has. */
const LONGEST = 200;

/** More of them are no damage: a server is asked once for each. */
const MOST_CHECKED = 64;

/**
 * Checks the headers of files that a source passes over and that would be part of
 * the release with one other character: a damaged byte in a zip's directory would
 * drop a trial in silence. Files of the release are checked when they are read.
 *
 * @throws {ArchiveError} If such a file has another name in its own header.
 */
export async function checkPassedOver(
  archives: readonly Archive[],
  parts: readonly MountPart[],
  { signal }: ReadOptions,
): Promise<void> {
  for (const archive of archives) {
    const own = parts.filter((part) => part.archive === archive);
    const doubtful = archive.members
      .filter(({ path }) => !own.some((part) => isPart(path, part)))
      .filter(({ path }) => own.some((part) => isNearlyPart(path, part)))
      .slice(0, MOST_CHECKED);
    for (const { path } of doubtful) await archive.check(path, { signal });
  }
}

function isPart(path: string, { at, from = "" }: MountPart): boolean {
  const folder = from === "" ? "" : `${from}/`;
  return path.startsWith(folder) &&
    LAYOUT.test(`${at}/${path.slice(folder.length)}`);
}

/** Whether another character in one place makes a path part of the release. */
function isNearlyPart(path: string, { at, from = "" }: MountPart): boolean {
  const folder = from === "" ? "" : `${from}/`;
  const rest = path.slice(folder.length);
  const odd = [...folder].filter((letter, i) => letter !== path.charAt(i));
  if (path.length > LONGEST) return false;
  if (odd.length > 0) return odd.length === 1 && LAYOUT.test(`${at}/${rest}`);
  return Array.from(rest).some((_, i) =>
    LAYOUT_OR_ANY.test(`${at}/${rest.slice(0, i)}${ANY}${rest.slice(i + 1)}`)
  );
}
