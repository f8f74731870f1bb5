import type { SessionFinder } from "../../../src/stream/lineage.ts";
import { fakeSession } from "../../support/sessions/fake_session.ts";

/** A source that needs a value of the main thread: names of stimuli. */
export async function openNamed(
  names: Promise<readonly string[]>,
): Promise<SessionFinder> {
  const content = (await names).map((key) => ({
    key,
    durationMs: 1,
    waveform: new Float64Array(1),
    repeats: [],
  }));
  return (hint) => fakeSession(String(hint), [], content);
}
