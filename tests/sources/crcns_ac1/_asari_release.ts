import type { CellResponse, Session, SourceWarning } from "rxephys";
import { lastValueFrom, toArray } from "rxjs";
import {
  asari,
  type AsariOptions,
} from "../../../src/sources/crcns_ac1/crcns_ac1.ts";
import { withRelease } from "./_release.ts";

/** Session folder of each Asari release that a test writes. */
export const ASARI_SESSION = "asari-results-1/20050310-ha1-001";

/** Other parts of such a release: segments and another session. */
const REST: Readonly<Record<string, string>> = {
  "asari/Stimuli/class1/1.mat": "segment",
  "asari/Stimuli/class1/2.mat": "segment-samples",
  "asari/Stimuli/class2/1l.mat": "segment",
  "asari-results-2/20060101-ha4-010/1.mat": "recording-no-table",
};

/** Writes an Asari release; files named here replace the usual ones. */
export function withAsari(
  files: Readonly<Record<string, string>>,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  return withRelease({ ...REST, ...files }, run, "ac1-asari-parts");
}

/** The sessions of a release, and its warnings as they come. */
export async function asariSessionsOf(
  folder: string,
  options: AsariOptions = {},
): Promise<{ sessions: Session[]; warnings: SourceWarning[] }> {
  const warnings: SourceWarning[] = [];
  const onWarning = (warning: SourceWarning): number => warnings.push(warning);
  const stream = asari(folder, { ...options, onWarning });
  return { sessions: await lastValueFrom(stream.pipe(toArray())), warnings };
}

/** The responses to every stimulus of a session, first heard first. */
export async function responsesOf(session: Session): Promise<CellResponse[]> {
  const responses: CellResponse[] = [];
  for (const { read } of await session.presentations()) {
    responses.push((await read()).responses[0] as CellResponse);
  }
  return responses;
}
