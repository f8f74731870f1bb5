import { concatMap, filter, from, map, type Observable } from "rxjs";
import { withLineage } from "../../stream/lineage.ts";
import type { ReadOptions, Session } from "../../session.ts";
import { bytesBelow, bytesByFolder } from "./_release.ts";
import { type Ac1Context, ac1WorkerSource } from "./_context.ts";
import {
  type AsariOrigin,
  type AsariParam,
  type AsariSite,
  readAsariParam,
} from "./_asari_file.ts";
import {
  ASARI_STIMULI,
  type AsariFolder,
  asariFolders,
} from "./_asari_folders.ts";
import { type AsariContext, AsariSession } from "./_asari_session.ts";
import { OneAtATime } from "../../base/turns.ts";
import { unlessUndecodable } from "../shared/warnings.ts";

/**
 * Streams the sessions of the Asari half that were recorded at one of the sites,
 * each as soon as its first recording file with a table of segments is read. A
 * folder without such a file is left out.
 *
 * @param options Ends the reading early.
 * @throws {DataNotFoundError} When called, if a part of the half is missing.
 */
export function asariSessions(
  shared: Ac1Context,
  sites: readonly AsariSite[],
  options: ReadOptions,
): Observable<Session> {
  const context = asariContext(shared);
  const bytes = bytesByFolder(shared.archive);
  return from(asariFolders(shared.archive)).pipe(
    concatMap(async (folder) => ({
      folder,
      origin: await originOf(folder, context, options),
    })),
    filter((found): found is { folder: AsariFolder; origin: AsariOrigin } =>
      found.origin !== null && sites.includes(found.origin.site)
    ),
    map(({ folder, origin }) =>
      withLineage(
        new AsariSession(folder, origin, context),
        {
          source: ac1WorkerSource(
            context,
            { half: "asari", path: folder.path, origin },
            bytes.get(folder.path) ?? 0,
          ),
        },
      )
    ),
  );
}

/** Makes the parts that the Asari sessions of a release share. */
export function asariContext(shared: Ac1Context): AsariContext {
  const { members } = shared.archive;
  const results = ["asari-results-1/", "asari-results-2/"];
  shared.cache.expect(bytesBelow(shared.archive, results));
  const paths = members.map(({ path }) => path);
  // Many sequences share a segment.
  const segments = paths.filter((path) => path.startsWith(ASARI_STIMULI));
  shared.archive.expect(segments, Infinity);
  return {
    ...shared,
    paths: new Set(paths),
    recordings: new OneAtATime(),
  };
}

async function originOf(
  { path, members }: AsariFolder,
  context: AsariContext,
  options: ReadOptions,
): Promise<AsariOrigin | null> {
  let hasTable = false;
  for (const member of members) {
    const param = await context.recordings.run(
      () => readParam(member, context, options),
      options,
    );
    if (param?.origin) return param.origin;
    hasTable ||= param !== null;
  }
  const [first] = members;
  if (hasTable && first !== undefined) {
    const { archive, warnings } = context;
    const message = `no recording of ${path} says where it was made`;
    warnings.warn("undecodable", archive.locate(first), message);
  }
  return null;
}

async function readParam(
  member: string,
  { archive, warnings }: AsariContext,
  options: ReadOptions,
): Promise<AsariParam | null> {
  const file = await archive.read(member, options);
  const place = archive.locate(member);
  return unlessUndecodable(
    warnings,
    place,
    () => readAsariParam(file, place, archive.limits, warnings),
  );
}
