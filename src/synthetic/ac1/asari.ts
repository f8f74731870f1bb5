import type { SyntheticMember } from "../shared/zip.ts";
import { AsariSession, type SyntheticAsariSession } from "./_asari_session.ts";
import { asariSequences } from "./asari_stimuli.ts";
import type { SyntheticLedger } from "./ledger.ts";
import type { SyntheticPlan } from "./plan.ts";

/** Sessions of both results folders. */
export function asariSessions(
  { asari }: SyntheticPlan,
): SyntheticAsariSession[] {
  const count = asari.a1Cells + asari.mgbCells;
  // Thalamic sessions lie between the cortical ones, as in the real release.
  const every = Math.floor(count / asari.mgbCells);
  let left = asari.mgbCells;
  return Array.from({ length: count }, (_, i) => {
    const isThalamic = i % every === every - 1 && left-- > 0;
    const month = String(3 + Math.floor(i / 18)).padStart(2, "0");
    const day = String(10 + i % 18).padStart(2, "0");
    const number = String(i + 1).padStart(3, "0");
    return {
      name: `2005${month}${day}-ha${i + 1}-${number}`,
      results: i % 2 === 0 ? 1 : 2,
      site: isThalamic ? "MGB" : "A1",
    };
  });
}

/** Files of one results folder. */
export function* asariMembers(
  plan: SyntheticPlan,
  results: 1 | 2,
  ledger: SyntheticLedger,
): Generator<SyntheticMember> {
  const sequences = asariSequences(plan);
  for (const [cell, session] of asariSessions(plan).entries()) {
    if (session.results !== results) continue;
    yield* new AsariSession(plan, sequences, session, cell, ledger).members();
  }
}
