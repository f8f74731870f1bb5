import { SyntheticRandom } from "../shared/random.ts";
import type { SyntheticMember } from "../shared/zip.ts";
import { trialPath, WehrSession } from "./_wehr_session.ts";
import type { SyntheticLedger } from "./ledger.ts";
import { matMember, textMember } from "./member.ts";
import type { SyntheticPlan } from "./plan.ts";
import { wehrStimuli, wehrStimulusMembers } from "./wehr_stimuli.ts";
import { restingTrace, trial, tuningTrigger } from "./wehr_trial.ts";

/** Files below `wehr`. */
export function* wehrMembers(
  plan: SyntheticPlan,
  ledger: SyntheticLedger,
): Generator<SyntheticMember> {
  const stimuli = wehrStimuli(plan);
  yield matMember("wehr/Summary.mat", 1, () => ({ summary: 1 }));
  yield* wehrStimulusMembers(plan, stimuli, ledger);
  const unusable = Math.floor(plan.wehr.cells / 2);
  let cell = 0;
  for (let place = 0; place <= plan.wehr.cells; place++) {
    const name = sessionName(place);
    if (place === unusable) yield* unusableSession(plan.seed, name, ledger);
    else yield* new WehrSession(plan, stimuli, name, cell++, ledger).members();
  }
  const readme = "wehr/Results/readme.txt";
  ledger.record("no-session", readme);
  yield textMember(readme, "no session\n");
  const analysis = "wehr/Results/analysis/fit.mat";
  ledger.record("no-session", analysis);
  yield matMember(analysis, 3, () => ({ fit: 1 }));
}

function sessionName(place: number): string {
  const month = String(5 + Math.floor(place / 20)).padStart(2, "0");
  const day = String(8 + place % 20).padStart(2, "0");
  return `2002${month}${day}-mw-${String(place + 1).padStart(3, "0")}`;
}

/** Session without natural sounds; its number is not used again. */
function* unusableSession(
  seed: number,
  session: string,
  ledger: SyntheticLedger,
): Generator<SyntheticMember> {
  for (let number = 1; number <= 2; number++) {
    const path = trialPath(session, number);
    const random = new SyntheticRandom(seed, path);
    ledger.record("unusable-session", path);
    yield matMember(
      path,
      number,
      () => trial(number, restingTrace(random), tuningTrigger()),
    );
  }
}
