import { DataNotFoundError } from "../../errors.ts";
import { withLineage } from "../../stream/lineage.ts";
import type { ReadOptions, Session } from "../../session.ts";
import { bytesBelow, bytesByFolder } from "./_release.ts";
import { type Ac1Context, ac1WorkerSource } from "./_context.ts";
import type { Archive } from "../../archive/archive.ts";
import { WehrSession } from "./_wehr_session.ts";
import type { Descriptions } from "./_stimulus_index.ts";
import { WehrStimuli } from "./_wehr_stimuli.ts";

/** Options of {@linkcode wehrSessions}. */
export interface WehrSessionsOptions {
  /** Whether all sessions will be read, in their order. */
  readonly readAhead?: boolean;
  /** Descriptions of the stimuli that another thread reads. */
  readonly descriptions?: Promise<Descriptions> | undefined;
}

/**
 * Lists the sessions of the Wehr half, by name: each folder counts as a cell.
 *
 * @throws {DataNotFoundError} If there is none.
 */
export function wehrSessions(
  context: Ac1Context,
  { readAhead = false, descriptions }: WehrSessionsOptions = {},
): Session[] {
  const files = trialFiles(context.archive);
  if (files.size === 0) {
    throw new DataNotFoundError(
      "Cannot find the Wehr recordings: expected wehr/Results/<session>/, " +
        "from crcns-ac1.zip",
      { archive: context.archive.name },
    );
  }
  if (readAhead) {
    for (const members of files.values()) context.archive.expect(members);
  }
  context.cache.expect(bytesBelow(context.archive, ["wehr/Results/"]));
  const stimuli = new WehrStimuli(context, descriptions);
  const shared = (options: ReadOptions): Promise<Descriptions> =>
    stimuli.descriptions(options);
  const bytes = bytesByFolder(context.archive);
  return [...files.keys()].sort().map((id, index) => {
    const members = files.get(id) ?? [];
    const size = bytes.get(`wehr/Results/${id}`) ?? 0;
    const source = ac1WorkerSource(context, { half: "wehr", id }, size);
    return withLineage(
      new WehrSession(id, index, members, { ...context, stimuli }),
      { source: { ...source, shared, keepsStimuli: true } },
    );
  });
}

/** Trial files of each session folder; its name starts with four digits. */
function trialFiles({ members }: Archive): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const path of members.map((member) => member.path).sort()) {
    const match = /^wehr\/Results\/(\d{4}[^/]*)\/(.+)$/.exec(path);
    if (!match) continue;
    const [, session = "", file = ""] = match;
    const trials = files.get(session) ?? [];
    files.set(session, trials);
    if (/^[^/]+\.mat$/.test(file)) trials.push(path);
  }
  return files;
}
